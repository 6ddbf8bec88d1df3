import type { ReconcileReport, RoleRef } from '../../shared/model.ts';
import type { Incident } from '../../shared/ports/ledger.ts';
import type { ReportSink } from '../../shared/ports/reports.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { Reconciled, ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { desiredRole } from '../../shared/spec/desired-role.ts';
import { endsItself } from '../../shared/reconciler/settle.ts';
import type { RoleBatch } from './group-by-role.ts';
import { recoverReport } from './recover-report.ts';

export interface PublishDeps extends Pick<ReconcileDeps, 'spec' | 'ledger' | 'clock' | 'randomBytes'> {
  readonly reports: ReportSink;
  readonly telemetry: Telemetry;
}

/**
 * What an earlier crash left untold of the role. Asked before the role is looked at: the look opens its own incident, perhaps
 * the same one again.
 */
export async function owedIncidents(
  { request: { role }, isRedelivered }: Pick<RoleBatch, 'request' | 'isRedelivered'>,
  { spec, ledger }: Pick<PublishDeps, 'spec' | 'ledger'>,
): Promise<readonly Incident[]> {
  // Most events are about roles that are not declared, and cost nothing; one that comes again may have been when it crashed.
  return isRedelivered || desiredRole(spec, role) !== null ? ledger.owed(role) : [];
}

/** Those of them that nobody else has told of while the role was looked at, with the reports that others have made of them. */
export async function stillOwed(
  owed: readonly Incident[],
  role: RoleRef,
  { ledger }: Pick<PublishDeps, 'ledger'>,
): Promise<readonly Incident[]> {
  if (owed.length === 0) return [];
  const ids = new Set(owed.map(({ incidentId }) => incidentId));
  return (await ledger.owed(role)).filter(({ incidentId }) => ids.has(incidentId));
}

/**
 * Hands a report on, and before it those that were owed; one of which that cannot be is owed still, and keeps no other back.
 * The ledger learns of each after it was taken: a crash in between hands it on once more, under the same id.
 */
export async function publishReports(
  owed: readonly Incident[],
  { report: current, isNews }: Pick<Reconciled, 'report' | 'isNews'>,
  deps: PublishDeps,
): Promise<void> {
  const tried = new Set<string>();
  const failures: unknown[] = [];
  for (const incident of owed)
    try {
      const report = await owedReport(incident, current, deps);
      if (report === null) continue;
      tried.add(report.id);
      await deps.reports.publish(report);
      await owedNoMore(report, current, deps);
    } catch (error) {
      failures.push(error);
    }
  if (!tried.has(current.id)) await publishCurrent(current, isNews, deps);
  if (failures.length > 0)
    throw new Error('what a crash left untold could not be handed on', { cause: failures[0] });
}

async function owedNoMore(
  report: ReconcileReport,
  current: ReconcileReport,
  { ledger, telemetry }: PublishDeps,
): Promise<void> {
  await ledger.published(report.incidentId, report.id);
  if (current.outcome === 'in-sync' && endsItself(report)) {
    await ledger.close(report.incidentId, { ...current, incidentId: report.incidentId });
    await ledger.published(report.incidentId, current.id);
  }
  if (report.id !== current.id) recordRecovery(report, telemetry);
}

async function publishCurrent(
  current: ReconcileReport,
  isNews: boolean,
  { reports, ledger }: PublishDeps,
): Promise<void> {
  if (isNews) await reports.publish(current);
  else await reports.repeat(current);
  // Nothing was written down of a look that found no difference.
  if (current.drift.differences.length > 0) await ledger.published(current.incidentId, current.id);
}

/** Of the current incident the ledger's last word, which may be the current report; of another, its report or one made up for it. */
async function owedReport(
  incident: Incident,
  current: ReconcileReport,
  deps: PublishDeps,
): Promise<ReconcileReport | null> {
  if (incident.incidentId === current.incidentId && current.drift.differences.length > 0)
    return (await deps.ledger.get(incident.incidentId))?.report ?? null;
  if (incident.report !== null) return incident.report;
  const report = recoverReport(incident, current, deps);
  if (report !== null) await deps.ledger.close(incident.incidentId, report);
  return report;
}

function recordRecovery({ incidentId, id: reportId }: ReconcileReport, telemetry: Telemetry): void {
  telemetry.info('report of an earlier crash told', { incidentId, reportId });
  telemetry.count('RecoveredReports', 1);
}
