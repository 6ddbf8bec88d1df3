import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import type { ReconcileReport } from '../../shared/model.ts';
import { tell, type TellDeps } from '../../shared/notifications/tell.ts';
import { type Announcement, announcementIn } from '../../shared/ports/announcement.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import { readReport } from './read-report.ts';

export interface NotifyDeps extends TellDeps {
  readonly ledger: Pick<Ledger, 'get'>;
}

/**
 * Takes a batch of drift reports, and of what operators have said, from SQS and tells every channel. What some channel could not be told is delivered again,
 * and then told to that channel alone.
 */
export function createNotifyHandler(
  deps: NotifyDeps,
): (batch: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  return async ({ Records }, context) => {
    const deadline = new Date(deps.clock.now().getTime() + context.getRemainingTimeInMillis());
    const read = await Promise.all(Records.map((record) => readRecord(record, deps)));
    const untold = await tell(
      {
        reports: read.flatMap(({ report }) => report ?? []),
        announcements: read.flatMap(({ announcement }) => announcement ?? []),
      },
      deps,
      deadline,
    );
    const failures = read.filter(({ report, announcement }) => {
      const id = (report ?? announcement)?.id;
      return id === undefined || untold.has(id);
    });
    return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

interface ReadRecord {
  readonly messageId: string;
  readonly report: ReconcileReport | null;
  readonly announcement: Announcement | null;
}

async function readRecord(
  { messageId, body }: SQSRecord,
  { ledger, telemetry }: NotifyDeps,
): Promise<ReadRecord> {
  try {
    const announcement = announcementIn(JSON.parse(body));
    if (announcement !== null) return { messageId, report: null, announcement };
    return { messageId, report: await readReport(body, ledger), announcement: null };
  } catch (error) {
    telemetry.error('message cannot be read as a report', { messageId, error });
    telemetry.count('UntoldReports', 1);
    return { messageId, report: null, announcement: null };
  }
}
