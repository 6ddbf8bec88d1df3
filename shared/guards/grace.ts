import type { Access, Difference, RoleRef } from '../model.ts';
import { accountOfPrincipal } from '../policy/outsider.ts';
import { MOST_CAUSES, type RoleState } from '../ports/role-state.ts';
import { causesOfOthers } from './causes-of-others.ts';
import { after, defineGuard } from './define.ts';
import { CALM_MS } from './fight.ts';

/**
 * A deployer that the spec names may be ahead of the spec: its change waits a while, and is put back if the spec has not
 * caught up. Once for each difference, until it was calm for a while. Only where every cause since the role was in sync is a session of such a role, which CloudTrail says and
 * the caller cannot choose; never for access of outsiders, nor for what the spec forbids.
 */
export const grace = defineGuard({
  name: 'grace',
  hold: ({ difference }, _plan, { desired, state, now }) => {
    const { grace: given } = desired;
    const { drift } = state;
    if (given === null || drift === null || difference.forbidden) return null;
    // It has had its time for this, and has come back with the same: that is no deployment, but a fight.
    if (wasPutBackLately(difference, state, now)) return null;
    if (difference.access.gained.some((access) => isFromOutside(access, desired.ref))) return null;
    // Beyond so many, the oldest causes are forgotten, and nobody knows whose they were.
    if (drift.causes.length >= MOST_CAUSES) return null;
    const deployers = new Set(given.deployers);
    const isDeployer = (arn: string | null) => arn !== null && deployers.has(arn);
    const causes = causesOfOthers(state);
    if (causes.length === 0 || !causes.every(({ actor }) => isDeployer(actor.issuerArn))) return null;
    const dueAt = after(drift.since, given.minutes * 60_000);
    if (Date.parse(dueAt) <= now.getTime()) return null;
    return {
      reason: `${given.deployers.length === 1 ? 'the deployer' : 'a deployer'} of this role has changed it: the spec has ${given.minutes === 1 ? 'a minute' : `${given.minutes} minutes`} to catch up`,
      dueAt,
    };
  },
});

function wasPutBackLately({ path }: Difference, { reverts }: RoleState, now: Date): boolean {
  return reverts.some((revert) => revert.path === path && now.getTime() - Date.parse(revert.at) < CALM_MS);
}

/** Anyone but AWS's services and identities that are plainly of this account. */
function isFromOutside({ principal }: Access, { accountId }: RoleRef): boolean {
  if (principal === undefined || principal.startsWith('Service:')) return false;
  return accountOfPrincipal(principal) !== accountId;
}
