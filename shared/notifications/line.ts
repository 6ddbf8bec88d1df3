import type { Line, Span } from './notification.ts';

/**
 * What a line's loss costs the reader, the dearest first: a long message sheds the highest number first. Severity, outcome,
 * role, the first cause and where the full report is are never shed.
 */
export const shed = {
  never: 0,
  nextStep: 1,
  change: 2,
  gained: 3,
  difference: 4,
  detail: 5,
  tail: 6,
  diff: 7,
} as const;

/** How many of a kind come first in what a long message keeps. */
export const foremost = 3;

export const words = (text: string): Span => ({ kind: 'words', text });
export const value = (text: string): Span => ({ kind: 'value', text });
export const command = (text: string): Span => ({ kind: 'command', text });
export const link = (text: string, url: string): Span => ({ kind: 'link', text, url });

export const sentence = (spans: readonly Span[], weight: number): Line => ({
  form: 'text',
  label: null,
  spans,
  shed: weight,
});

export const item = (spans: readonly Span[], weight: number): Line => ({
  form: 'item',
  label: null,
  spans,
  shed: weight,
});

export const fact = (label: string, spans: readonly Span[], weight: number): Line => ({
  form: 'text',
  label,
  spans,
  shed: weight,
});

export const code = (text: string, weight: number): Line => ({
  form: 'code',
  label: null,
  spans: [value(text)],
  shed: weight,
});

/** More items of a list than this are only counted: no message has room for them, and a hostile report has no end. */
const mostItems = 30;

/** The lines of a list's items, and how many items are only counted. */
export function listed<Item>(
  items: readonly Item[],
  what: string,
  lines: (item: Item, index: number) => readonly Line[],
): readonly Line[] {
  const rest = items.length - mostItems;
  return [
    ...items.slice(0, mostItems).flatMap(lines),
    ...(rest > 0 ? [sentence([words(`… and ${rest} more ${what}`)], shed.tail)] : []),
  ];
}
