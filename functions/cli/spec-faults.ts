import type { SpecFault } from '../../shared/spec/load-spec.ts';
import { formatFault, mostFaults } from '../../shared/spec/load-spec.ts';
import type { Output } from './io.ts';
import { plural } from './plural.ts';
import { sourceExcerpt } from './source-excerpt.ts';
import type { Span } from './terminal.ts';
import { bold, red } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Every fault: its place, what is wrong, the remedy, and the line it is on. */
export function showFaults(output: Output, text: string, faults: readonly SpecFault[]): void {
  for (const fault of faults) {
    const spans = faultLine(fault);
    for (const line of output.isTerminal ? wrap([], spans, output.columns) : [spans]) output.line(...line);
    for (const line of sourceExcerpt(text, fault, output.columns)) output.line(...line);
  }
  const [first] = faults;
  if (first === undefined) return;
  output.line(
    red('✗ '),
    bold(first.file),
    faults.length < mostFaults
      ? ` is not valid: ${plural(faults.length, 'fault')}`
      : ` is not valid: the first ${mostFaults} faults are above; there may be more`,
  );
}

function faultLine(fault: SpecFault): readonly Span[] {
  const text = formatFault(fault);
  const place = `${fault.file}:${fault.line}:${fault.column}`;
  return text.startsWith(place) ? [bold(place), text.slice(place.length)] : [text];
}
