import type { ReconcileReport, ReconcileRequest, RoleRef } from '../model.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { OpenDrift } from '../ports/role-state.ts';
import { askForSecondLook } from './ask-for-looks.ts';
import { incidentIdOf } from './identifiers.ts';
import type { Look, Seen } from './look.ts';
import type { Reconciled } from './reconcile.ts';
import { afterInSync, isSameState } from './remember.ts';
import { report } from './report.ts';

/** The role is in sync: whatever was open about it is over. Writes only what has changed, most often nothing. */
export async function settle(task: Look, { observed, drift, known, state }: Seen): Promise<Reconciled> {
  const { id, startedAt, request, desired, deps } = task;
  const endedAt = deps.clock.now();
  const incidentId = incidentOf(request, state.drift) ?? incidentIdOf(observed.ref, request.causes, id);
  const result = report({
    id,
    incidentId,
    request,
    desired,
    observed,
    drift,
    applied: [],
    verified: null,
    startedAt,
    endedAt,
  });
  if (drift.status === 'IN_SYNC') {
    if (state.drift !== null) await endDrift(state.drift, state.strangerId !== null, result, task);
    const next = afterInSync({ ...state, role: observed.ref }, desired, observed);
    // Lost to another function, which has seen the role later than we have.
    if (!isSameState(next, known)) await deps.roleStates.put(next);
  }
  await askForSecondLook(task, result);
  return { report: result, isNews: true, retry: false };
}

/** A redelivery belongs to the drift that its events began. */
function incidentOf({ causes }: ReconcileRequest, drift: OpenDrift | null): string | null {
  const known = new Set(drift?.causes.map(({ eventId }) => eventId));
  const isRepeated = causes.length > 0 && causes.every(({ eventId }) => known.has(eventId));
  return isRepeated ? (drift?.incidentId ?? null) : null;
}

async function endDrift(
  drift: OpenDrift,
  isStranger: boolean,
  result: ReconcileReport,
  { desired, deps }: Look,
): Promise<void> {
  await closeItself(drift, desired.ref, result, deps.ledger);
  if (drift.isHeldAsMany || drift.suspect !== null)
    await deps.roleStates.mark({
      role: desired.ref,
      since: drift.since,
      spec: desired.spec.version,
      isSuspect: false,
      doorClosedAt: null,
      plan: [],
      isHeld: false,
      isStranger,
    });
}

/**
 * What was held or only told is over, and nobody need be told: the incident ends as in sync. One that people have not been
 * told of, for a crash, is told first, where reports are handed on.
 */
async function closeItself(
  { incidentId }: OpenDrift,
  role: RoleRef,
  result: ReconcileReport,
  ledger: Ledger,
): Promise<void> {
  const owed = await ledger.owed(role);
  if (owed.some((incident) => incident.incidentId === incidentId)) return;
  const earlier = (await ledger.get(incidentId))?.report ?? null;
  if (earlier === null || !endsItself(earlier)) return;
  await ledger.close(incidentId, { ...result, incidentId });
  await ledger.published(incidentId, result.id);
}

/** Whether an incident with that last report ends once its role is found in sync. */
export function endsItself({ outcome }: ReconcileReport): boolean {
  return outcome !== 'remediated' && outcome !== 'in-sync';
}
