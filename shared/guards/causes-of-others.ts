import type { Cause } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';

const OWN_ROLE_NAME = 'IamDriftRemediatorRemediate';
/** From a call to its revert's being stored: the second reads, and the clocks' difference. */
const BETWEEN_MS = 60_000;

type StateOfInterest = Pick<RoleState, 'role' | 'drift' | 'reverts'>;

/**
 * The causes of a drift but for our own reverts, which come back as events, too. Only those that are remembered: whoever acts
 * in our role's name is no other than anybody else.
 */
export function causesOfOthers({ role, drift, reverts }: StateOfInterest): readonly Cause[] {
  const ownRoleArn = `arn:${role.partition}:iam::${role.accountId}:role/${OWN_ROLE_NAME}`;
  const isOwn = ({ actor, eventTime }: Cause) =>
    actor.issuerArn === ownRoleArn &&
    reverts.some(({ at }) => Math.abs(Date.parse(at) - Date.parse(eventTime)) < BETWEEN_MS);
  return (drift?.causes ?? []).filter((cause) => !isOwn(cause));
}
