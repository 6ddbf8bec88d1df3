import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';

import type { ReconcileReport } from '../../shared/model.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { reportSchema } from '../../shared/report-schema.ts';

/** Tells one report, or says why it could not. */
export interface Channel {
  readonly name: string;
  readonly deliver: (report: ReconcileReport) => Promise<void>;
}

export interface NotifyDeps {
  readonly channel: Channel;
  readonly telemetry: Telemetry;
}

const envelope = z.object({ detail: reportSchema });

/** Takes a batch of drift reports from SQS and tells each. What could not be told is delivered again. */
export function createNotifyHandler({
  channel,
  telemetry,
}: NotifyDeps): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures: string[] = [];
    for (const { messageId, body } of Records) {
      try {
        const { detail } = z.parse(envelope, JSON.parse(body));
        await channel.deliver(detail);
        telemetry.info('report told', {
          channel: channel.name,
          reportId: detail.id,
          incidentId: detail.incidentId,
        });
        telemetry.count('ToldReports', 1);
      } catch (error) {
        telemetry.error('report could not be told', { channel: channel.name, messageId, error });
        telemetry.count('UntoldReports', 1);
        failures.push(messageId);
      }
    }
    return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
