import { mayHaveMade } from '../aspects/made-by.ts';
import type { Cause, Difference, Drift, ObservedRole, ReconcileRequest } from '../model.ts';
import { letsSomebodyIn } from '../policy/outsider.ts';
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
    suspect: null,
  };
  const isOnlyTold = drift.differences.every(
    ({ mode, leftBySpec }) => mode === 'detect' || leftBySpec !== null,
  );
  const goesOn = known !== null && (known.isPending || (request.causes.length === 0 && isOnlyTold));
  // What the spec leaves as it is was made by others than what is found now.
  const causes = joined(goesOn ? known.causes : [], request.causes, drift);
  return {
    ...state,
    role: observed.ref,
    drift: { ...(goesOn ? known : begun), causes, isPending: true },
  };
}

/** Whoever adds ever new causes shall not drown those that may have made what differs: how it began, and how it is now. */
const FIRST_MAKERS = 10;
const LAST_MAKERS = 10;

function joined(known: readonly Cause[], more: readonly Cause[], { differences }: Drift): readonly Cause[] {
  const all = sortedCauses([...new Map([...known, ...more].map((cause) => [cause.eventId, cause])).values()]);
  if (all.length <= MOST_CAUSES) return all;
  const opening = differences.filter(({ access }) => letsSomebodyIn(access));
  const kept = new Set([...ends(makersAmong(all, opening)), ...ends(makersAmong(all, differences))]);
  const others = all.filter((cause) => !kept.has(cause)).slice(kept.size - MOST_CAUSES);
  return sortedCauses([...kept, ...others]);
}

function makersAmong(causes: readonly Cause[], differences: readonly Difference[]): readonly Cause[] {
  return causes.filter(({ eventName }) => differences.some(({ aspect }) => mayHaveMade(eventName, aspect)));
}

function ends(causes: readonly Cause[]): readonly Cause[] {
  return [...causes.slice(0, FIRST_MAKERS), ...causes.slice(FIRST_MAKERS).slice(-LAST_MAKERS)];
}
