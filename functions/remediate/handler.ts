import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { ownAccountClients } from '../../shared/aws/clients.ts';
import { sqsRecheckQueue } from '../../shared/aws/sqs-recheck-queue.ts';
import { randomBytes, systemClock } from '../../shared/aws/system-clock.ts';
import { readBundledSpec } from '../../shared/bundled-spec.ts';
import { readConfig } from '../../shared/config.ts';
import { memoryLedger } from '../../shared/ledger/memory.ts';
import { observability } from '../../shared/observability.ts';
import { createRemediateHandler } from './create-handler.ts';

// Wired once for each execution environment; a missing setting or spec stops the function before it takes a message.
const config = readConfig(process.env);
const { logger, metrics, telemetry } = observability('remediate');

/** SQS batch of CloudTrail events → reconciled roles, with a partial batch response. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(
    createRemediateHandler({
      spec: readBundledSpec(config.specFile),
      clientsFor: ownAccountClients(config.accountId),
      ledger: memoryLedger(),
      recheckQueue: sqsRecheckQueue(config.changesQueueUrl),
      // Each report is also a log line; channels read the reports from there on.
      reports: { publish: async (report) => telemetry.info('report', { report }) },
      telemetry,
      clock: systemClock,
      randomBytes,
    }),
  );
