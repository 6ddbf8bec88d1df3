import type { ReconcileReport, RoleRef } from '../../shared/model.ts';
import type { Incident } from '../../shared/ports/ledger.ts';
import type { ReportSink } from '../../shared/ports/reports.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { Reconciled, ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { recoverReport } from './recover-report.ts';

export interface PublishDeps extends Pick<ReconcileDeps, 'spec' | 'ledger' | 'clock' | 'randomBytes'> {
  readonly reports: ReportSink;
  readonly telemetry: Telemetry;
}

/**
 * Hands a report on, and before it those of the role that an earlier crash left untold. The ledger learns of each after it
 * was taken: a crash in between hands it on once more, under the same id.
 */
export async function publishReports(
  role: RoleRef,
  { report: current, isNews }: Pick<Reconciled, 'report' | 'isNews'>,
  deps: PublishDeps,
): Promise<void> {
  const owed = current.outcome === 'not-checked' ? [] : await deps.ledger.owed(role);
  for (const incident of owed) {
    if (incident.report?.id === current.id) continue;
    const report = incident.report ?? (await closedNow(incident, current, deps));
    if (report === null) continue;
    await deps.reports.publish(report);
    await deps.ledger.published(report.incidentId, report.id);
    deps.telemetry.info('report of an earlier crash told', {
      incidentId: report.incidentId,
      reportId: report.id,
    });
    deps.telemetry.count('RecoveredReports', 1);
  }
  if (isNews) await deps.reports.publish(current);
  else await deps.reports.repeat(current);
  // Nothing was written down of a look that found no difference.
  if (current.drift.differences.length > 0) await deps.ledger.published(current.incidentId, current.id);
}

async function closedNow(
  incident: Incident,
  current: ReconcileReport,
  deps: PublishDeps,
): Promise<ReconcileReport | null> {
  const report = recoverReport(incident, current, deps);
  if (report !== null) await deps.ledger.close(incident.incidentId, report);
  return report;
}
