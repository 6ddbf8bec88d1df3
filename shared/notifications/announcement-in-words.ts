import { operatorCommand } from '../operator-command.ts';
import type { Announcement } from '../ports/announcement.ts';
import { named } from './escape.ts';
import { timeInWords } from './time-in-words.ts';

/** What is said of an announcement: inert, whatever the operator wrote. */
export interface AnnouncementInWords {
  /** One sentence, without a full stop. */
  readonly title: string;
  /** The title, and what else there is to say: whole sentences. */
  readonly lines: readonly string[];
}

export function announcementInWords(announcement: Announcement): AnnouncementInWords {
  const { did, by, reason } = announcement;
  const who = by === null ? '' : ` by ${named(by)}`;
  const title = sentence(announcement);
  return {
    title,
    lines: [
      `${title}.`,
      ...(reason === null ? [] : [`Reason: ${named(reason)}.`]),
      ...(did === 'pause' ? [`To go on: ${operatorCommand('unpause')}`] : []),
      `Said${who} on the command line of iam-drift; who took the operators' role, and when, CloudTrail knows (AssumeRole).`,
    ],
  };
}

function sentence({ did, roleName, accountId, until }: Announcement): string {
  const account = `account ${named(accountId)}`;
  const role = `${roleName === null ? 'all roles' : `role ${named(roleName)}`} in ${account}`;
  switch (did) {
    case 'exempt':
      return `Exemption: ${role} is left as it is until ${timeInWords(until ?? '')}`;
    case 'endExemption':
      return `Exemption ended: ${role} is put back again`;
    case 'approve':
      return `Approved: ${role} is the declared one`;
    case 'resume':
      return `Resumed: what was held in ${account} because many roles had drifted is put back`;
    case 'pause':
      return `Paused: no role in ${account} is put back for now`;
    case 'unpause':
      return `Unpaused: roles in ${account} are put back again`;
    default:
      return did satisfies never;
  }
}
