import type { Span } from './terminal.ts';
import { dim, displayWidth, red, shorten } from './terminal.ts';

/**
 * The line of a text that a fault is on, and a caret below the column; none where there is no such line.
 * `line` and `column` count from 1, in UTF-16 units, as YAML's parser tells them.
 */
export function sourceExcerpt(
  text: string,
  place: { readonly line: number; readonly column: number },
  columns: number,
): readonly (readonly Span[])[] {
  const source = lineAt(text, place.line);
  if (source === null || source.trim() === '') return [];
  const number = ` ${place.line} │ `;
  const gutter = `${' '.repeat(number.length - 2)}│ `;
  const room = Math.max(columns - number.length, 20);
  // Of a very long line, what surrounds the fault.
  const at = Math.max(place.column - 1, 0);
  const start = at < room - 10 ? 0 : at - Math.floor(room / 2);
  const before = source.slice(start, at);
  return [
    [dim(number), shorten(source.slice(start, start + 4 * room), room)],
    [dim(gutter), ' '.repeat(displayWidth(before)), red('^')],
  ];
}

function lineAt(text: string, line: number): string | null {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start);
    if (end === -1) return null;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}
