import type { Cause } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';

const OWN_ROLE = /:role\/IamDriftRemediatorRemediate$/;
/** From a call to its revert's being stored: the second reads, and the clocks' difference. */
const BETWEEN_MS = 60_000;

/**
 * The causes of a drift but for our own reverts, which come back as events, too. Only those that are remembered: whoever acts
 * in our role's name is no other than anybody else.
 */
export function causesOfOthers({ drift, reverts }: Pick<RoleState, 'drift' | 'reverts'>): readonly Cause[] {
  const isOwn = ({ actor, eventTime }: Cause) =>
    OWN_ROLE.test(actor.issuerArn ?? '') &&
    reverts.some(({ at }) => Math.abs(Date.parse(at) - Date.parse(eventTime)) < BETWEEN_MS);
  return (drift?.causes ?? []).filter((cause) => !isOwn(cause));
}
