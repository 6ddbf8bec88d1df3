import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import type { ReportSink } from '../../shared/ports/reports.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { reconcileRole, type ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { groupByRole, type RoleBatch } from './group-by-role.ts';
import { owedIncidents, publishReports, stillOwed } from './publish-reports.ts';
import { readMessage } from './read-message.ts';
import { recordReport } from './record-report.ts';

/** What the handler touches, handed in: the same code runs in Lambda, in replay and in tests. */
export interface RemediateDeps extends ReconcileDeps {
  readonly reports: ReportSink;
  readonly telemetry: Telemetry;
}

/** Takes a batch of CloudTrail events from SQS and reconciles each affected role once. What failed is delivered again. */
export function createRemediateHandler(deps: RemediateDeps): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures = new Set<string>();
    const messages = Records.flatMap(({ messageId, body }) => {
      try {
        return readMessage(body, deps.spec).map((request) => ({ messageId, request }));
      } catch (error) {
        deps.telemetry.error('message cannot be read', { messageId, error });
        deps.telemetry.count('UnreadableMessages', 1);
        failures.add(messageId);
        return [];
      }
    });
    for (const batch of groupByRole(messages))
      if (!(await reconciled(batch, deps))) for (const messageId of batch.messageIds) failures.add(messageId);
    return { batchItemFailures: [...failures].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

async function reconciled({ request }: RoleBatch, deps: RemediateDeps): Promise<boolean> {
  try {
    const owed = await owedIncidents(request.role, deps);
    const done = await reconcileRole(request, deps);
    recordReport(done.report, deps.telemetry);
    await publishReports(await stillOwed(owed, request.role, deps), done, deps);
    return !done.retry;
  } catch (error) {
    deps.telemetry.error('role could not be reconciled', {
      accountId: request.role.accountId,
      roleName: request.role.roleName,
      eventIds: request.causes.map(({ eventId }) => eventId),
      error,
    });
    deps.telemetry.count('FailedReconciliations', 1);
    return false;
  }
}
