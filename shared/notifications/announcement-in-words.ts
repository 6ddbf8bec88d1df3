import type { Announcement } from '../ports/announcement.ts';
import { named } from './escape.ts';
import { timeInWords } from './time-in-words.ts';

/** One sentence without a full stop, and the reason where one was given: inert, whatever the operator wrote. */
export function announcementInWords(announcement: Announcement): readonly string[] {
  const { reason } = announcement;
  return [
    sentence(announcement),
    ...(reason === null ? [] : [`Reason: ${named(reason)}`]),
    'Said on the command line of iam-drift; who really did it, CloudTrail knows',
  ];
}

function sentence({ did, by, roleName, accountId, until }: Announcement): string {
  const who = by === null ? 'an operator' : named(by);
  const account = `account ${named(accountId)}`;
  const role = `${roleName === null ? 'all roles' : `role ${named(roleName)}`} in ${account}`;
  switch (did) {
    case 'exempt':
      return `Exemption: ${role} is left as it is until ${timeInWords(until ?? '')}, says ${who}`;
    case 'endExemption':
      return `Exemption ended: ${role} is put back again, says ${who}`;
    case 'approve':
      return `Approved: ${role} is the declared one, says ${who}`;
    case 'resume':
      return `Resumed: what was held in ${account} because many roles had drifted is put back, says ${who}`;
    case 'pause':
      return `Paused: no role in ${account} is put back until "iam-drift unpause", says ${who}`;
    case 'unpause':
      return `Unpaused: roles in ${account} are put back again, says ${who}`;
    default:
      return did satisfies never;
  }
}
