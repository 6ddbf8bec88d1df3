import type { News, Part } from './define-channel.ts';
import { digestEntry, digestTitle } from './digest.ts';
import { emailSubject } from './escape.ts';
import type { Notification } from './notification.ts';
import { openingWords, plainText } from './plain-text.ts';
import { severityInWords } from './verdict.ts';

/** What SNS sends as an e-mail: a subject of its own and plain text. */
export type Email = { readonly subject: string; readonly text: string };

/** In bytes. SNS takes 262,144, but nobody reads them, and some mail programs cut earlier. */
export const longestEmail = 32_000;

export function renderEmail(notification: Notification): Email {
  const { role, sentence } = openingWords(notification);
  const verdict = inAWord(notification);
  return {
    subject: emailSubject(`${severityInWords(notification.severity)}, ${verdict}: ${role}: ${sentence}`),
    text: plainText(notification, (text) => Buffer.byteLength(text) <= longestEmail),
  };
}

/** Several reports, in the order given, each in a few lines. */
export function renderEmailDigest(news: readonly News[], part: Part): Email {
  const title = digestTitle(news, part);
  const entries = news.map((one, index) => {
    const { lead, headline, verdict, who, reference } = digestEntry(one);
    return `${index + 1}. ${lead}: ${headline}.\n   ${verdict}.\n   Who: ${who}\n   Full report: in the ledger, ${reference}\n`;
  });
  return { subject: emailSubject(title), text: [`${title}.\n`, ...entries].join('\n') };
}

/** A subject has room for a word or two: they come before all that others chose. */
function inAWord({ outcome, isConfirmed, isRecreated }: Notification): string {
  switch (outcome) {
    case 'remediated':
      if (!isConfirmed) return 'not confirmed';
      return isRecreated ? 'created again' : 'put back';
    case 'partly-remediated':
      return 'partly put back';
    case 'failed':
      return 'NOT put back';
    case 'held':
      return 'held';
    case 'detected':
      return 'left as it is';
    case 'in-sync':
    case 'not-checked':
      return 'as it was';
    default:
      return outcome satisfies never;
  }
}
