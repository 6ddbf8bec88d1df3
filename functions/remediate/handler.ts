import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { ownAccountClients } from '../../shared/aws/clients.ts';
import { eventBridgeReportSink } from '../../shared/aws/eventbridge-report-sink.ts';
import { sqsRecheckQueue } from '../../shared/aws/sqs-recheck-queue.ts';
import { ssmKillSwitch } from '../../shared/aws/ssm-kill-switch.ts';
import { randomBytes, systemClock } from '../../shared/aws/system-clock.ts';
import { readBundledSpec } from '../../shared/bundled-spec.ts';
import { settingsFrom } from '../../shared/config.ts';
import { limitsFrom } from '../../shared/guards/limits.ts';
import { dynamoDbLedger } from '../../shared/ledger/dynamodb.ts';
import { dynamoDbControls } from '../../shared/ledger/dynamodb-controls.ts';
import { dynamoDbRoleStates } from '../../shared/ledger/dynamodb-role-states.ts';
import { observability } from '../../shared/observability.ts';
import { createRemediateHandler } from './create-handler.ts';

// Wired once for each execution environment; a missing setting or spec stops the function before it takes a message.
const env = settingsFrom(process.env, [
  'ACCOUNT_ID',
  'CHANGES_QUEUE_URL',
  'CONTROLS_TABLE',
  'GUARD_LIMITS',
  'HAS_CANARY',
  'KILL_SWITCH_PARAMETER',
  'LEDGER_RETENTION_DAYS',
  'LEDGER_TABLE',
  'REPORT_BUS_NAME',
  'SPEC_FILE',
]);
const dynamoDb = new DynamoDBClient({});
const { logger, metrics, telemetry } = observability('remediate');

/** SQS batch of CloudTrail events → reconciled roles, with a partial batch response. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(
    createRemediateHandler({
      spec: readBundledSpec(env.SPEC_FILE),
      clientsFor: ownAccountClients(env.ACCOUNT_ID),
      ledger: dynamoDbLedger({
        client: dynamoDb,
        tableName: env.LEDGER_TABLE,
        clock: systemClock,
        retentionDays: Number(env.LEDGER_RETENTION_DAYS),
      }),
      roleStates: dynamoDbRoleStates({ client: dynamoDb, tableName: env.LEDGER_TABLE, clock: systemClock }),
      controls: dynamoDbControls({ client: dynamoDb, tableName: env.CONTROLS_TABLE }),
      killSwitch: ssmKillSwitch(env.KILL_SWITCH_PARAMETER, systemClock),
      limits: limitsFrom(env.GUARD_LIMITS),
      hasCanary: env.HAS_CANARY === 'true',
      recheckQueue: sqsRecheckQueue(env.CHANGES_QUEUE_URL),
      reports: eventBridgeReportSink(env.REPORT_BUS_NAME),
      telemetry,
      clock: systemClock,
      randomBytes,
    }),
  );
