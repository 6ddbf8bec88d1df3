import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { UnreadableEventError } from '../../shared/errors.ts';
import type { IamChangeEvent } from '../../shared/model.ts';
import type { ReportSink } from '../../shared/ports/reports.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { reconcileRole, type ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { type Found, roleFinder } from './find-roles.ts';
import { groupByRole, type RoleBatch } from './group-by-role.ts';
import { owedIncidents, publishReports, stillOwed } from './publish-reports.ts';
import { readMessage } from './read-message.ts';
import { recordReport } from './record-report.ts';

/** What the handler touches, handed in: the same code runs in Lambda, in replay and in tests. */
export interface RemediateDeps extends ReconcileDeps {
  readonly reports: ReportSink;
  readonly telemetry: Telemetry;
  /** Whether the role of the canary's name is the canary; left out, it is somebody's. */
  readonly hasCanary?: boolean;
}

/** Takes a batch of CloudTrail events from SQS and reconciles each affected role once. What failed is delivered again. */
export function createRemediateHandler(deps: RemediateDeps): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures = new Set<string>();
    const find = roleFinder(deps);
    const messages = await Promise.all(
      Records.map(async (record) => {
        const { requests, isComplete } = await lookedFor(record, find, deps);
        if (!isComplete) failures.add(record.messageId);
        const isRedelivered = Number(record.attributes.ApproximateReceiveCount) > 1;
        return requests.map((request) => ({ messageId: record.messageId, request, isRedelivered }));
      }),
    );
    for (const batch of groupByRole(messages.flat()))
      if (!(await reconciled(batch, deps))) for (const messageId of batch.messageIds) failures.add(messageId);
    return { batchItemFailures: [...failures].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** The roles that a message asks for. */
async function lookedFor(
  { messageId, body }: SQSRecord,
  find: (event: IamChangeEvent) => Promise<Found>,
  { telemetry }: RemediateDeps,
): Promise<Found> {
  try {
    const message = readMessage(body);
    if (message.kind === 'change') return await find(message.event);
    return { requests: message.kind === 'look' ? [message.request] : [], isComplete: true };
  } catch (error) {
    const isUnreadable = error instanceof UnreadableEventError;
    telemetry.error(isUnreadable ? 'message cannot be read' : 'roles could not be found', {
      messageId,
      error,
    });
    telemetry.count(isUnreadable ? 'UnreadableMessages' : 'FailedReconciliations', 1);
    return { requests: [], isComplete: false };
  }
}

async function reconciled(batch: RoleBatch, deps: RemediateDeps): Promise<boolean> {
  const { request } = batch;
  try {
    const owed = await owedIncidents(batch, deps);
    const done = await reconcileRole(request, deps);
    recordReport(done.report, deps.telemetry, deps.hasCanary ?? false);
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
