import type { RoleState, RoleStates } from '../ports/role-state.ts';

const MOST_TRIES = 5;

/**
 * Stores what came of a look, which must not be lost because somebody else has stored a state meanwhile.
 * @throws where others store theirs all the time: the queue tries again.
 */
export async function storeState(state: RoleState, roleStates: RoleStates): Promise<void> {
  let { revision } = state;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await roleStates.put({ ...state, revision })) return;
    ({ revision } = await roleStates.get(state.role));
  }
  throw new Error(
    `the state of ${state.role.roleName} could not be stored: others store theirs all the time`,
  );
}
