import type { Access, AccessDelta } from '../../shared/model.ts';
import type { Span } from './terminal.ts';
import { dim, red, yellow } from './terminal.ts';
import { wrap } from './wrap.ts';

/** A wall of sentences is read by nobody: `--json` has them all. */
const most = 12;

/** Access gained (red +) and lost (yellow -), a sentence a line. */
export function accessLines(
  access: AccessDelta,
  indent: string,
  columns: number,
): readonly (readonly Span[])[] {
  return [
    ...sentences(access.gained, [indent, red('+ ')], red, columns),
    ...sentences(access.lost, [indent, yellow('- ')], yellow, columns),
  ];
}

function sentences(
  all: readonly Access[],
  first: readonly Span[],
  colour: (text: string) => Span,
  columns: number,
): readonly (readonly Span[])[] {
  const shown = all.slice(0, most).flatMap(({ text }) => wrap(first, [colour(text)], columns));
  const rest = all.length - most;
  return rest > 0 ? [...shown, [...first, dim(`and ${rest} more (--json shows all)`)]] : shown;
}
