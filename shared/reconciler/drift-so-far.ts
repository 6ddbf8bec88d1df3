import type { Cause, Drift, ObservedRole, ReconcileRequest } from '../model.ts';
import { MOST_CAUSES, type OpenDrift, type RoleState } from '../ports/role-state.ts';
import { incidentIdOf, sortedCauses } from './identifiers.ts';

/**
 * The state as of a look that found drift. As long as something is still to be done, all looks are of one incident; of
 * drift that is only told, each event is an incident of its own, and so is what has to be done again. Pure.
 *
 * @param seed Names an incident that has no cause.
 */
export function withDrift(
  state: RoleState,
  request: ReconcileRequest,
  observed: ObservedRole,
  drift: Drift,
  { seed, now }: { readonly seed: string; readonly now: Date },
): RoleState & { readonly drift: OpenDrift } {
  const known = state.drift;
  const begun = {
    incidentId: incidentIdOf(observed.ref, request.causes, seed),
    since: now.toISOString(),
    isHeldAsMany: false,
    told: known?.told ?? null,
  };
  const isOnlyTold = drift.differences.every(
    ({ mode, leftBySpec }) => mode === 'detect' || leftBySpec !== null,
  );
  const goesOn = known !== null && (known.isPending || (request.causes.length === 0 && isOnlyTold));
  const causes = joined(known?.causes ?? [], request.causes);
  return {
    ...state,
    role: observed.ref,
    drift: { ...(goesOn ? known : begun), causes, isPending: true },
  };
}

function joined(known: readonly Cause[], more: readonly Cause[]): readonly Cause[] {
  const byId = new Map([...known, ...more].map((cause) => [cause.eventId, cause]));
  return sortedCauses([...byId.values()]).slice(-MOST_CAUSES);
}
