import { mayHaveMade } from '../aspects/made-by.ts';
import type { Cause, Difference } from '../model.ts';
import type { Revert } from '../ports/role-state.ts';

/** Whether a cause may have made a difference, since that was last put back. Pure. */
export function isMaker(
  cause: Cause,
  difference: Pick<Difference, 'aspect' | 'path'>,
  reverts: readonly Revert[],
): boolean {
  return mayHaveMade(cause.eventName, difference.aspect) && isSincePutBack(cause, difference, reverts);
}

/** Whether it came after the difference was last put back: what there is of it now, no earlier one has made. */
export function isSincePutBack(
  { eventTime }: Cause,
  { path }: Pick<Difference, 'path'>,
  reverts: readonly Revert[],
): boolean {
  const at = reverts.findLast((revert) => revert.path === path)?.at;
  // CloudTrail tells times in whole seconds.
  return at === undefined || Date.parse(eventTime) >= Math.floor(Date.parse(at) / 1000) * 1000;
}
