import * as z from 'zod/mini';

import { identityOf } from '../guards/stranger.ts';
import type { AdmittedChange, AppliedChange, Drift, ObservedRole } from '../model.ts';
import type { Approval } from '../ports/controls.ts';
import type { RoleState } from '../ports/role-state.ts';
import { LONGEST_INVOCATION_MS } from './busy.ts';
import type { Look } from './look.ts';

/**
 * The state with the role's unique id in it: learnt at first sight, kept as a stranger's where it is not the known one.
 * The first resync says since when the account's roles are known; an event reads nothing for a role that is known already.
 */
export async function recogniseRole(
  state: RoleState,
  observed: ObservedRole,
  drift: Drift,
  { desired, request, startedAt, deps: { roleStates } }: Look,
): Promise<RoleState> {
  const { roleId } = observed;
  const { accountId } = observed.ref;
  const isKnown = state.roleId !== null && (roleId === null || roleId === state.roleId);
  if (isKnown && request.trigger !== 'resync') return state;
  const knownSince = await roleStates.knownSince(accountId);
  if (knownSince === null && request.trigger === 'resync')
    await roleStates.startKnowing(accountId, startedAt.toISOString());
  if (isKnown || roleId === null) return state;
  if (isCreatedByUs(state, observed, drift)) return asKnown(state, roleId);
  const causes = [...(state.drift?.causes ?? []), ...request.causes];
  const identity = identityOf({ desired, observed, drift, causes, known: state, knownSince, now: startedAt });
  return identity === 'known'
    ? asKnown(state, roleId)
    : { ...state, strangerId: roleId, awaitsCreation: identity === 'awaited' };
}

function asKnown(state: RoleState, roleId: string): RoleState {
  return { ...state, roleId, strangerId: null, awaitsCreation: false, creatingSince: null };
}

/**
 * Whether it is the role that we were about to create when we crashed, or when IAM's answer was lost. Somebody may have been
 * faster in that very moment: so nobody may get by it what he should not.
 */
function isCreatedByUs({ creatingSince }: RoleState, { createdAt }: ObservedRole, drift: Drift): boolean {
  if (creatingSince === null || createdAt === null) return false;
  // IAM tells the time of creation in whole seconds.
  const after = Date.parse(createdAt) - Math.floor(Date.parse(creatingSince) / 1000) * 1000;
  const isOurs = drift.differences.every(
    ({ aspect, access }) => aspect !== 'role' && access.gained.length === 0,
  );
  return after >= 0 && after <= LONGEST_INVOCATION_MS && isOurs;
}

/** The state once an operator has approved the stranger. Pure. */
export function withApproval(state: RoleState, approval: Approval | null): RoleState {
  return approval !== null && approval.roleId === state.strangerId ? asKnown(state, approval.roleId) : state;
}

/** The state before the role is created again: after a crash, the new one must not pass for a stranger. Pure. */
export function beforeCreation<State extends RoleState>(
  state: State,
  admitted: readonly AdmittedChange[],
  now: Date,
): State {
  const isCreating = admitted.some(
    ({ change, verdict }) => change.action === 'iam:CreateRole' && verdict.decision === 'apply',
  );
  return isCreating ? { ...state, creatingSince: now.toISOString() } : state;
}

const created = z.object({ Role: z.object({ RoleId: z.string() }) });

/** The state once the role was created again: the new one is known by what IAM has answered, whoever is quicker. Pure. */
export function withCreated(state: RoleState, applied: readonly AppliedChange[]): RoleState {
  const creation = applied.find(
    ({ change, outcome }) => change.action === 'iam:CreateRole' && outcome === 'applied',
  );
  const answer = created.safeParse(creation?.answer);
  return answer.success ? asKnown(state, answer.data.Role.RoleId) : state;
}
