import type { ReconcileReport } from '../../shared/model.ts';
import type { Incident } from '../../shared/ports/ledger.ts';
import { LONGEST_INVOCATION_MS } from '../../shared/reconciler/busy.ts';
import { foundBefore } from '../../shared/reconciler/found-before.ts';
import { ulid } from '../../shared/reconciler/identifiers.ts';
import type { ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { report } from '../../shared/reconciler/report.ts';
import { unreadRole } from '../../shared/reconciler/unread-role.ts';
import { desiredRole } from '../../shared/spec/desired-role.ts';

/**
 * The report that a crash between the first change and its report kept from being written: what the ledger has of the drift,
 * less what `current`, a look at the role since, still finds: that is told by it. A look at a role that is declared no more
 * has read nothing. null where the incident may still be worked on, or where all of it is still there.
 */
export function recoverReport(
  incident: Incident,
  current: ReconcileReport,
  { spec, clock, randomBytes }: Pick<ReconcileDeps, 'spec' | 'clock' | 'randomBytes'>,
): ReconcileReport | null {
  const now = clock.now();
  const isSameDelivery = incident.incidentId === current.incidentId;
  const isAbandoned = now.getTime() - Date.parse(incident.openedAt) > LONGEST_INVOCATION_MS;
  if (!isSameDelivery && !isAbandoned) return null;
  const desired = desiredRole(spec, incident.role);
  const digests = current.outcome === 'not-checked' ? {} : (desired?.digests ?? {});
  const { drift, applied, verified } = foundBefore(incident, current.drift, digests);
  if (applied.length === 0 && current.drift.differences.length > 0) return null;
  const recovered = report({
    id: ulid(clock, randomBytes),
    incidentId: incident.incidentId,
    request: { role: incident.role, trigger: 'event', causes: incident.causes, recheck: 0 },
    desired,
    observed: { ...unreadRole(incident.role), arn: current.role.arn },
    drift,
    applied,
    verified,
    startedAt: now,
    endedAt: now,
  });
  // By which it was found.
  return { ...recovered, spec: incident.spec };
}
