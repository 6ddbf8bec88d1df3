import { clip, named, visible } from './escape.ts';
import { fit } from './fit.ts';
import type { Line, Notification, Section, Span } from './notification.ts';

/** In characters. */
const longest = { words: 600, command: 400, code: 160, role: 80, headline: 300 } as const;

/**
 * Plain text that reads well from its first line, which is what a phone shows. Only we begin a line: what others chose stands
 * within one, in quotes unless it is a plain name. Lines are left out, the least important first, until `fits` agrees.
 */
export function plainText(notification: Notification, fits: (text: string) => boolean): string {
  const { role, sentence } = openingWords(notification);
  const opening = `${role}: ${sentence}.\n${visible(notification.verdict)}.\n`;
  const write = (shown: readonly Section[]) => [opening, ...shown.map(section)].join('\n');
  return write(fit(notification.sections, (shown) => fits(write(shown))));
}

/** The role and what happened to it, short and in one line each. */
export function openingWords({ roleName, headline }: Notification): {
  readonly role: string;
  readonly sentence: string;
} {
  return { role: named(clip(roleName, longest.role)), sentence: clip(visible(headline), longest.headline) };
}

function section({ title, lines, isWhole }: Section): string {
  const codeLength = isWhole ? Infinity : longest.code;
  const body = lines.map(
    (line) => `${line.label === null ? '' : `${line.label}:`.padEnd(10)}${lineText(line, codeLength)}\n`,
  );
  return title === '' ? body.join('') : `${title}\n${body.map((line) => `  ${line}`).join('')}`;
}

function lineText(line: Line, codeLength: number): string {
  const { form, spans } = line;
  if (form === 'code') return `    ${codeText(spans, codeLength)}`;
  const content = spansText(spans);
  return form === 'item' ? `* ${content}` : content;
}

/** A line's content without its bullet. */
export function spansText(spans: readonly Span[]): string {
  return spans.map(spanText).join('');
}

function spanText(span: Span): string {
  switch (span.kind) {
    case 'words':
      return clip(visible(span.text), longest.words);
    case 'command':
      return clip(visible(span.text), longest.command);
    case 'value':
      return named(span.text);
    case 'link':
      return `${clip(visible(span.text), longest.words)}: ${span.url}`;
    default:
      return span satisfies never;
  }
}

/** A diff's indentation is ours and stays; the rest of the line is theirs. */
function codeText(spans: readonly Span[], most: number): string {
  const text = spans.map((span) => span.text).join('');
  const indent = /^[+-]? */.exec(text)?.[0] ?? '';
  return clip(`${indent}${visible(text.slice(indent.length))}`, most);
}
