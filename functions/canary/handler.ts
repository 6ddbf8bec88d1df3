import { IAMClient } from '@aws-sdk/client-iam';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';

import { systemClock } from '../../shared/aws/system-clock.ts';
import { settingsFrom } from '../../shared/config.ts';
import { observability } from '../../shared/observability.ts';
import { canaryDrift } from '../../shared/spec/canary.ts';
import { createCanaryHandler } from './create-handler.ts';

const env = settingsFrom(process.env, ['OWN_ROLE_ARN']);
const { logger, metrics, telemetry } = observability('canary');

/** Schedule → one drift of the canary role, and how long it stood. */
export const handler = middy<unknown, { readonly fixMs: number | null }>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(
    createCanaryHandler({
      iam: new IAMClient({}),
      drift: canaryDrift(env.OWN_ROLE_ARN),
      telemetry,
      clock: systemClock,
    }),
  );
