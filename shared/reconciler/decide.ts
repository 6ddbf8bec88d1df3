import { type Fights, fightsOver } from '../guards/fight.ts';
import { guards } from '../guards/index.ts';
import { type Suspects, suspectsIn } from '../guards/suspect-spec.ts';
import { usualLimits } from '../guards/limits.ts';
import type { AdmittedChange, DesiredRole } from '../model.ts';
import type { Approval } from '../ports/controls.ts';
import type { DriftMark, OpenDrift, RoleState } from '../ports/role-state.ts';
import { isPattern } from '../spec/role-name-pattern.ts';
import type { Spec } from '../spec/spec.ts';
import { admit } from './admit.ts';
import { markOf, observeContext } from './context.ts';
import { withDrift } from './drift-so-far.ts';
import type { Look, Seen } from './look.ts';
import { planChanges } from './plan.ts';
import { beforeCreation } from './recognise.ts';

/** What is to be done about drift, before anything is. */
export interface Decision {
  readonly admitted: readonly AdmittedChange[];
  /** Something is about to be changed. */
  readonly writes: boolean;
  /** With the drift in it. */
  readonly state: RoleState & { readonly drift: OpenDrift };
  /** An operator's; null if there is none, or no guard needed to know. */
  readonly approval: Approval | null;
  readonly fights: Fights;
  readonly suspects: Suspects;
  /** How the role counts among those that have drifted. */
  readonly mark: DriftMark;
}

/** Plans, and asks the guards. Reads what they need to know, and writes nothing but the role's mark. */
export async function decide(
  { id, request, desired, deps }: Look,
  { observed, drift, state }: Seen,
  now: Date,
): Promise<Decision> {
  const { spec, limits = usualLimits } = deps;
  const begun = withDrift(state, request, observed, drift, { seed: id, now });
  const plan = planChanges(desired, observed, drift);
  const suspects = suspectsIn(drift.differences, { desired, observed, state: begun, now });
  const drifting = withSuspect(begun, suspects, desired, now);
  const role = {
    request,
    desired,
    observed,
    state: drifting,
    suspects,
    specSize: sizeOf(spec),
    limits,
    now,
  };
  const context = await observeContext(plan, guards, role, deps);
  const admitted = admit(plan, guards, context);
  return {
    admitted,
    writes: admitted.some(({ verdict }) => verdict.decision === 'apply'),
    state: beforeCreation(drifting, admitted, now),
    approval: context.controls?.approval ?? null,
    fights: fightsOver(drift.differences, role),
    suspects,
    mark: markOf(plan, role),
  };
}

/** Since when the spec as it is now may be at fault. */
function withSuspect(
  state: Decision['state'],
  { paths }: Suspects,
  { spec: { version } }: DesiredRole,
  now: Date,
): Decision['state'] {
  const { suspect: known } = state.drift;
  const since = known?.spec === version ? known.since : now.toISOString();
  return { ...state, drift: { ...state.drift, suspect: paths.size === 0 ? null : { since, spec: version } } };
}

function sizeOf({ roles }: Spec): { readonly entries: number; readonly hasPatterns: boolean } {
  return { entries: roles.length, hasPatterns: roles.some(({ name }) => isPattern(name)) };
}
