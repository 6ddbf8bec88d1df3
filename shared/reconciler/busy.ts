import type { RoleState } from '../ports/role-state.ts';

/** No invocation lasts longer: what one has begun before, and not ended, was left by a crash. */
export const LONGEST_INVOCATION_MS = 120_000;

/** Longer than changes take, verified and told; then whoever is at it is taken for dead. */
const LONGEST_WORK_MS = 12_000;

/**
 * The state while its role is being changed, or told of: another function that comes now would do, and tell, the same once
 * more. Pure.
 */
export function whileBusy<State extends RoleState>(state: State, now: Date): State {
  return { ...state, busyUntil: new Date(now.getTime() + LONGEST_WORK_MS).toISOString() };
}

/** A time too far ahead was stored by a clock that is wrong: nobody waits for it. */
export function isBusy({ busyUntil }: RoleState, now: Date): boolean {
  const left = Date.parse(busyUntil ?? '') - now.getTime();
  return left > 0 && left <= 2 * LONGEST_WORK_MS;
}

/** Whether what was read of the role between these times may be from before another function's work on it. */
export function isRevertedBetween({ reverts }: RoleState, began: Date, ended: Date): boolean {
  return reverts.map(({ at }) => Date.parse(at)).some((at) => at > began.getTime() && at <= ended.getTime());
}
