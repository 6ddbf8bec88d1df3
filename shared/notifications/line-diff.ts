import type { Json } from '../model.ts';

/** A line of the declaration (`-`), of what is there (`+`), or of both (` `). */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Above this the table of the comparison would cost more than the diff is worth. */
const mostCells = 250_000;

/**
 * Where two values differ, as lines of JSON. The order of an object's members is no difference; lines that agree are left
 * out but for one on either side.
 */
export function lineDiff(expected: Json, actual: Json): readonly DiffLine[] {
  return aroundChanges(diff(linesOf(expected), linesOf(actual)));
}

function linesOf(value: Json): readonly string[] {
  return value === null ? [] : JSON.stringify(sorted(value), null, 2).split('\n');
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, sorted(member)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

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

function aroundChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const changed = (index: number) => (lines[index]?.sign ?? ' ') !== ' ';
  return lines.filter((_, index) => changed(index - 1) || changed(index) || changed(index + 1));
}
