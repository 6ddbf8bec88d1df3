import type { Drift, ReconcileReport } from '../../shared/model.ts';
import type { Incident } from '../../shared/ports/ledger.ts';
import { LONGEST_INVOCATION_MS } from '../../shared/reconciler/busy.ts';
import { ulid } from '../../shared/reconciler/identifiers.ts';
import { putBackBefore } from '../../shared/reconciler/put-back-before.ts';
import type { ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { report } from '../../shared/reconciler/report.ts';
import { unreadRole } from '../../shared/reconciler/unread-role.ts';
import { desiredRole } from '../../shared/spec/desired-role.ts';

const nothing: Drift = { status: 'IN_SYNC', differences: [] };

/**
 * The report that a crash between the first change and its report kept from being written: the drift as the ledger has it,
 * found put back by `current`, a look that found the role in sync; or one that cannot read it, since it is declared no more.
 * null where the incident may still be worked on, or where the role is not in sync: then that is told, and this once it is.
 */
export function recoverReport(
  incident: Incident,
  current: ReconcileReport,
  { spec, clock, randomBytes }: Pick<ReconcileDeps, 'spec' | 'clock' | 'randomBytes'>,
): ReconcileReport | null {
  const now = clock.now();
  const isSameDelivery = incident.incidentId === current.incidentId;
  const isAbandoned = now.getTime() - Date.parse(incident.openedAt) > LONGEST_INVOCATION_MS;
  const isOver = current.outcome === 'in-sync' || current.outcome === 'not-checked';
  if (!isOver || !(isSameDelivery || isAbandoned)) return null;
  const { drift, applied } = putBackBefore(incident, nothing);
  const recovered = report({
    id: ulid(clock, randomBytes),
    incidentId: incident.incidentId,
    request: { role: incident.role, trigger: 'event', causes: incident.causes, recheck: 0 },
    desired: desiredRole(spec, incident.role),
    observed: { ...unreadRole(incident.role), arn: current.role.arn },
    drift,
    applied,
    verified: current.outcome === 'in-sync',
    startedAt: now,
    endedAt: now,
  });
  // By which it was put back.
  return { ...recovered, spec: incident.spec };
}
