import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { httpsPost } from '../../shared/aws/https-post.ts';
import { secretsManagerSecrets } from '../../shared/aws/secrets.ts';
import { snsTopics } from '../../shared/aws/sns-topics.ts';
import { systemClock } from '../../shared/aws/system-clock.ts';
import { settingsFrom } from '../../shared/config.ts';
import { dynamoDbDeliveries } from '../../shared/ledger/dynamodb-deliveries.ts';
import { dynamoDbLedger } from '../../shared/ledger/dynamodb.ts';
import { channels } from '../../shared/notifications/channels/index.ts';
import { configuredChannels } from '../../shared/notifications/configured-channels.ts';
import { observability } from '../../shared/observability.ts';
import { createNotifyHandler } from './create-handler.ts';

const env = settingsFrom(process.env, ['LEDGER_RETENTION_DAYS', 'LEDGER_TABLE']);
const { logger, metrics, telemetry } = observability('notify');
const table = {
  client: new DynamoDBClient({}),
  tableName: env.LEDGER_TABLE,
  clock: systemClock,
  retentionDays: Number(env.LEDGER_RETENTION_DAYS),
};

/** SQS batch of drift reports → every channel that is configured. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(
    createNotifyHandler({
      channels: configuredChannels(channels, process.env),
      ledger: dynamoDbLedger(table),
      deliveries: dynamoDbDeliveries(table),
      transports: { publish: snsTopics(), post: httpsPost(), secret: secretsManagerSecrets() },
      clock: systemClock,
      telemetry,
    }),
  );
