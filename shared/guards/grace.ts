import type { Access, Difference, RoleRef } from '../model.ts';
import { accountOfPrincipal } from '../policy/outsider.ts';
import { MOST_CAUSES, type RoleState } from '../ports/role-state.ts';
import { causesOfOthers } from './causes-of-others.ts';
import { after, defineGuard, type RoleContext } from './define.ts';
import { CALM_MS } from './fight.ts';

/**
 * A deployer that the spec names may be ahead of the spec: its change waits a while, and is put back if the spec has not
 * caught up. Once for each difference, until it was calm for a while. Only where every cause since the role was in sync is a session of such a role, which CloudTrail says and
 * the caller cannot choose; never for access of outsiders, nor for what the spec forbids.
 */
export const grace = defineGuard({
  name: 'grace',
  hold: ({ difference }, _plan, role) => {
    const { desired, state, now } = role;
    if (desired.grace === null || state.drift === null || !isOfDeployers(difference, role)) return null;
    const { deployers, minutes } = desired.grace;
    const dueAt = after(state.drift.since, minutes * 60_000);
    if (Date.parse(dueAt) <= now.getTime()) return null;
    return {
      reason: `${deployers.length === 1 ? 'the deployer' : 'a deployer'} of this role has changed it: the spec has ${minutes === 1 ? 'a minute' : `${minutes} minutes`} to catch up`,
      dueAt,
    };
  },
});

/** Whether nobody but deployers has had a hand in a difference, and it is one that they may be ahead of the spec with. */
export function isOfDeployers(
  difference: Pick<Difference, 'path' | 'forbidden' | 'access'>,
  { desired, state, now }: Pick<RoleContext, 'desired' | 'state' | 'now'>,
): boolean {
  const { drift } = state;
  if (desired.grace === null || drift === null || difference.forbidden) return false;
  // It has had its time for this, and has come back with the same: that is no deployment, but a fight.
  if (wasPutBackLately(difference, state, now)) return false;
  if (difference.access.gained.some((access) => isFromOutside(access, desired.ref))) return false;
  // Beyond so many, the oldest causes are forgotten, and nobody knows whose they were.
  if (drift.causes.length >= MOST_CAUSES) return false;
  const deployers = new Set<string | null>(desired.grace.deployers);
  const causes = causesOfOthers(state);
  return causes.length > 0 && causes.every(({ actor: { issuerArn } }) => deployers.has(issuerArn));
}

function wasPutBackLately({ path }: Pick<Difference, 'path'>, { reverts }: RoleState, now: Date): boolean {
  return reverts.some((revert) => revert.path === path && now.getTime() - Date.parse(revert.at) < CALM_MS);
}

/** Anyone but AWS's services and identities that are plainly of this account. */
function isFromOutside({ principal }: Access, { accountId }: RoleRef): boolean {
  if (principal === undefined || principal.startsWith('Service:')) return false;
  return accountOfPrincipal(principal) !== accountId;
}
