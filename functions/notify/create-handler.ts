import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import type { ReconcileReport } from '../../shared/model.ts';
import { tell, type TellDeps } from '../../shared/notifications/tell.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import { readReport } from './read-report.ts';

export interface NotifyDeps extends TellDeps {
  readonly ledger: Pick<Ledger, 'get'>;
}

/**
 * Takes a batch of drift reports from SQS and tells every channel. What some channel could not be told is delivered again,
 * and then told to that channel alone.
 */
export function createNotifyHandler(
  deps: NotifyDeps,
): (batch: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  return async ({ Records }, context) => {
    const deadline = new Date(deps.clock.now().getTime() + context.getRemainingTimeInMillis());
    const read = await Promise.all(Records.map((record) => readRecord(record, deps)));
    const untold = await tell(
      read.flatMap(({ report }) => report ?? []),
      deps,
      deadline,
    );
    const failures = read.filter(({ report }) => report === null || untold.has(report.id));
    return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function readRecord(
  { messageId, body }: SQSRecord,
  { ledger, telemetry }: NotifyDeps,
): Promise<{ readonly messageId: string; readonly report: ReconcileReport | null }> {
  try {
    return { messageId, report: await readReport(body, ledger) };
  } catch (error) {
    telemetry.error('message cannot be read as a report', { messageId, error });
    telemetry.count('UntoldReports', 1);
    return { messageId, report: null };
  }
}
