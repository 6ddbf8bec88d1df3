import type { Json } from '../model.ts';

/** A line of the declaration (`-`), of what is there (`+`), or of both (` `). */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Above this the table of the comparison would cost more than the diff is worth. */
const mostCells = 250_000;

/** A part of a value that fits into this many characters stands on one line: a statement, mostly. */
const widest = 84;

/**
 * Where two values differ, laid out for people: like JSON, but without the commas at line ends, which would differ where
 * nothing does. The order of members, and of lists of texts, is no difference. Lines that agree are left out but for one on
 * either side of those that do not.
 */
export function lineDiff(expected: Json, actual: Json): readonly DiffLine[] {
  return aroundChanges(diff(linesOf(expected), linesOf(actual)));
}

function linesOf(value: Json): readonly string[] {
  return value === null ? [] : layout(sorted(value), '', '');
}

function layout(value: Json, indent: string, label: string): readonly string[] {
  const line = `${indent}${label}${inline(value)}`;
  if (typeof value !== 'object' || value === null || line.length <= widest) return [line];
  const inner = `${indent}  `;
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  const members = isList(value)
    ? value.flatMap((member) => layout(member, inner, ''))
    : Object.entries(value).flatMap(([key, member]) => layout(member, inner, `${JSON.stringify(key)}: `));
  return [`${indent}${label}${open}`, ...members, `${indent}${close}`];
}

function inline(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${inline(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function sorted(value: Json): Json {
  if (isList(value)) {
    const members = value.map(sorted);
    return members.every((member) => typeof member === 'string') ? members.sort() : members;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, sorted(member)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** `Array.isArray` forgets the type of a readonly list's items. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const same = (text: string): DiffLine => ({ sign: ' ', text });

function diff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const start = before.findIndex((line, index) => line !== after[index]);
  const head = start === -1 ? before.length : start;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail += 1;
  const middle = longestCommon(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  );
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

/** The textbook longest common subsequence; two wholes that are too large for it are told one after the other. */
function longestCommon(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const width = after.length + 1;
  if (before.length * after.length > mostCells)
    return [
      ...before.map((text): DiffLine => ({ sign: '-', text })),
      ...after.map((text): DiffLine => ({ sign: '+', text })),
    ];
  const table = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number) => table[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1)
      table[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));

  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const [left, right] = [before[row], after[column]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      row += 1;
      column += 1;
    } else if (left !== undefined && (right === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ sign: '-', text: left });
      row += 1;
    } else if (right !== undefined) {
      lines.push({ sign: '+', text: right });
      column += 1;
    }
  }
  return lines;
}

/** A line that agrees is shown only next to one that does not, and only if it tells where that is: a bracket does not. */
function aroundChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const isChanged = (index: number) => (lines[index]?.sign ?? ' ') !== ' ';
  return lines.filter(
    ({ text }, index) =>
      isChanged(index) || ((isChanged(index - 1) || isChanged(index + 1)) && !/^ *[[\]{}]$/.test(text)),
  );
}
