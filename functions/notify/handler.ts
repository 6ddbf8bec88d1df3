import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { snsChannel } from '../../shared/aws/sns-channel.ts';
import { settingsFrom } from '../../shared/config.ts';
import { observability } from '../../shared/observability.ts';
import { createNotifyHandler } from './create-handler.ts';

const env = settingsFrom(process.env, ['TOPIC_ARN']);
const { logger, metrics, telemetry } = observability('notify');

/** SQS batch of drift reports → the topic that people subscribe to. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(createNotifyHandler({ channel: snsChannel(env.TOPIC_ARN), telemetry }));
