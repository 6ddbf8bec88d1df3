import type { RoleState, RoleStates } from '../ports/role-state.ts';

const MOST_TRIES = 5;

/**
 * Stores what came of a look: `change` of the state that is known, or of one that somebody else has stored meanwhile, so that
 * neither is lost.
 * @throws where others store theirs all the time: the queue tries again.
 */
export async function storeState(
  known: RoleState,
  roleStates: RoleStates,
  change: (state: RoleState) => RoleState,
): Promise<void> {
  let state = known;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await roleStates.put(change(state))) return;
    state = await roleStates.get(known.role);
  }
  throw new Error(
    `the state of ${known.role.roleName} could not be stored: others store theirs all the time`,
  );
}
