import { clip, emailSubject, named, visible } from './escape.ts';
import { fit } from './fit.ts';
import type { Line, Notification, Section, Span } from './notification.ts';
import { severityInWords } from './verdict.ts';

/** What SNS sends as an e-mail: a subject of its own and plain text. */
export type Email = { readonly subject: string; readonly text: string };

/**
 * Plain text that reads well from its first line, which is what a phone shows. Only we begin a line: what others chose stands
 * within one, in quotes unless it is a plain name.
 */
export function renderEmail(notification: Notification): Email {
  const { severity, roleName, headline, verdict, sections } = notification;
  const role = named(clip(roleName, longest.role));
  const sentence = clip(visible(headline), longest.headline);
  const opening = `${role}: ${sentence}.\n${visible(verdict)}.\n`;
  const write = (shown: readonly Section[]) => [opening, ...shown.map(section)].join('\n');
  const fits = (shown: readonly Section[]) => Buffer.byteLength(write(shown)) <= longest.message;
  return {
    subject: emailSubject(`${severityInWords(severity)}, ${inAWord(notification)}: ${role}: ${sentence}`),
    text: write(fit(sections, fits)),
  };
}

/** In characters; the message in bytes. SNS takes 262,144 bytes, but nobody reads them, and some mail programs cut earlier. */
const longest = { words: 600, code: 160, role: 80, headline: 300, message: 32_000 } as const;

/** A subject has room for a word or two: they come before all that others chose. */
function inAWord({ outcome, isConfirmed }: Notification): string {
  switch (outcome) {
    case 'remediated':
      return isConfirmed ? 'put back' : 'not confirmed';
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

function section({ title, lines }: Section): string {
  const body = lines.map(
    (line) => `${line.label === null ? '' : `${line.label}:`.padEnd(10)}${lineText(line)}\n`,
  );
  return title === '' ? body.join('') : `${title}\n${body.map((line) => `  ${line}`).join('')}`;
}

function lineText(line: Line): string {
  const { form, spans } = line;
  if (form === 'code') return `    ${codeText(spans)}`;
  const content = spans.map(spanText).join('');
  return form === 'item' ? `* ${content}` : content;
}

function spanText(span: Span): string {
  switch (span.kind) {
    case 'words':
      return clip(visible(span.text), longest.words);
    case 'value':
      return named(span.text);
    case 'link':
      return `${clip(visible(span.text), longest.words)}: ${span.url}`;
    default:
      return span satisfies never;
  }
}

/** A diff's indentation is ours and stays; the rest of the line is theirs. */
function codeText(spans: readonly Span[]): string {
  const text = spans.map((span) => span.text).join('');
  const indent = /^[+-]? */.exec(text)?.[0] ?? '';
  return clip(`${indent}${visible(text.slice(indent.length))}`, longest.code);
}
