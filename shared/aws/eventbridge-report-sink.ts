import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

import type { ReportOutcome } from '../model.ts';
import { renderJson } from '../notifications/json.ts';
import type { ReportSink } from '../ports/reports.ts';
import type { AwsRegion } from './in-short-time.ts';

/** The `source` of our events. */
export const REPORT_SOURCE = 'iam-drift-remediator';

const DETAIL_TYPES: Readonly<Record<ReportOutcome, string | null>> = {
  remediated: 'IAM Role Drift Remediated',
  'partly-remediated': 'IAM Role Drift Remediated',
  detected: 'IAM Role Drift Detected',
  held: 'IAM Role Drift Held',
  failed: 'IAM Role Drift Failed',
  // Quiet: nobody is to be told.
  'in-sync': null,
  'not-checked': null,
};

/** Reports as events on the `iam-drift` bus. A report that is too large is shortened and points to the ledger. */
export function eventBridgeReportSink(busName: string, config: AwsRegion = {}): ReportSink {
  const client = new EventBridgeClient(config);
  return {
    repeat: async () => {},
    publish: async (report) => {
      const DetailType = DETAIL_TYPES[report.outcome];
      if (DetailType === null) return;
      const { Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: busName,
              Source: REPORT_SOURCE,
              DetailType,
              Detail: JSON.stringify(renderJson(report)),
              Time: new Date(report.time),
              Resources: report.role.arn === null ? [] : [report.role.arn],
            },
          ],
        }),
      );
      const [entry] = Entries;
      if (entry?.EventId === undefined)
        throw new Error(
          `EventBridge did not take report ${report.id}: ${entry?.ErrorMessage ?? 'no answer'}`,
        );
    },
  };
}
