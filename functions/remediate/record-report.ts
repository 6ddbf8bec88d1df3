import type { ReconcileReport } from '../../shared/model.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';

/**
 * One log line a reconciliation, to be searched by role, event or incident, and the metrics that alarms and people watch.
 * The canary drifts every half hour, so that it would hide all other drift: of it only what failed is counted.
 */
export function recordReport(report: ReconcileReport, telemetry: Telemetry, hasCanary: boolean): void {
  const { role, causes, drift, changes, outcome } = report;
  telemetry.info('role reconciled', {
    accountId: role.accountId,
    roleName: role.roleName,
    eventIds: causes.map(({ eventId }) => eventId),
    incidentId: report.incidentId,
    reportId: report.id,
    outcome,
    severity: report.severity,
    verified: report.verified,
    differences: drift.differences.map(({ path, type }) => `${type} ${path}`),
    changes: changes.map(({ action, outcome: result, error }) => ({ action, outcome: result, error })),
    durationMs: report.durationMs,
  });
  telemetry.count('FailedChanges', changes.filter((change) => change.outcome === 'failed').length);
  if (report.verified === false) telemetry.count('UnverifiedRemediations', 1);
  if (hasCanary && role.roleName === CANARY_ROLE_NAME) return;
  if (drift.differences.length > 0) telemetry.count('DriftedRoles', 1);
  telemetry.count('AppliedChanges', changes.filter((change) => change.outcome === 'applied').length);
  if (report.eventToFixMs !== null) telemetry.milliseconds('EventToFix', report.eventToFixMs);
}
