import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';

import { iamRoleDirectory } from '../../shared/aws/iam-role-directory.ts';
import { sqsRequestQueue } from '../../shared/aws/sqs-request-queue.ts';
import { readBundledSpec } from '../../shared/bundled-spec.ts';
import { settingsFrom } from '../../shared/config.ts';
import { observability } from '../../shared/observability.ts';
import { createResyncHandler } from './create-handler.ts';

const env = settingsFrom(process.env, ['ACCOUNT_ID', 'PARTITION', 'RESYNC_QUEUE_URL', 'SPEC_FILE']);
const { logger, metrics, telemetry } = observability('resync');

/** Schedule, or the end of a deployment → every declared role to the reconciler. */
export const handler = middy<unknown, { readonly roles: number }>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(
    createResyncHandler({
      spec: readBundledSpec(env.SPEC_FILE),
      account: { accountId: env.ACCOUNT_ID, partition: env.PARTITION },
      directory: iamRoleDirectory(),
      requests: sqsRequestQueue(env.RESYNC_QUEUE_URL),
      telemetry,
    }),
  );
