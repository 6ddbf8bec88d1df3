import * as z from 'zod/mini';

import { isStranger } from '../guards/stranger.ts';
import type { AppliedChange, ObservedRole } from '../model.ts';
import type { Approval } from '../ports/controls.ts';
import type { RoleState } from '../ports/role-state.ts';
import type { Look } from './look.ts';

/**
 * The state with the role's unique id in it: learnt at first sight, kept as a stranger's where it is not the known one.
 * The first resync says since when the account's roles are known; nothing is read for a role that is known already.
 */
export async function recogniseRole(
  state: RoleState,
  observed: ObservedRole,
  { desired, request, startedAt, deps: { roleStates } }: Look,
): Promise<RoleState> {
  if (observed.roleId === null || observed.roleId === state.roleId) return state;
  if (state.roleId !== null) return { ...state, strangerId: observed.roleId };
  const { accountId } = observed.ref;
  const knownSince = await roleStates.knownSince(accountId);
  if (knownSince === null && request.trigger === 'resync')
    await roleStates.startKnowing(accountId, startedAt.toISOString());
  return isStranger({ desired, observed, known: state, knownSince })
    ? { ...state, strangerId: observed.roleId }
    : { ...state, roleId: observed.roleId, strangerId: null };
}

/** The state once an operator has approved the stranger. Pure. */
export function withApproval(state: RoleState, approval: Approval | null): RoleState {
  return approval !== null && approval.roleId === state.strangerId
    ? { ...state, roleId: approval.roleId, strangerId: null }
    : state;
}

const created = z.object({ Role: z.object({ RoleId: z.string() }) });

/** The state once the role was created again: the new one is known by what IAM has answered, whoever is quicker. Pure. */
export function withCreated(state: RoleState, applied: readonly AppliedChange[]): RoleState {
  const creation = applied.find(
    ({ change, outcome }) => change.action === 'iam:CreateRole' && outcome === 'applied',
  );
  const answer = created.safeParse(creation?.answer);
  return answer.success ? { ...state, roleId: answer.data.Role.RoleId, strangerId: null } : state;
}
