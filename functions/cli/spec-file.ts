import { loadSpec } from '../../shared/spec/load-spec.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import type { Io } from './io.ts';
import { decodeText, readInput } from './read-input.ts';
import { showFaults } from './spec-faults.ts';
import { UsageError } from './usage-error.ts';

/** A spec, ready for use. `shownAs` is its name in messages and reports. @throws {UsageError} after all its faults were told. */
export async function readSpec(io: Io, file: string, shownAs: string = file): Promise<Spec> {
  const text = decodeText(await readInput(io, file), shownAs);
  const { spec, faults } = loadSpec(text, shownAs);
  if (spec !== null) return spec;
  showFaults(io.stderr, text, faults);
  throw new UsageError(`${shownAs}: the spec cannot be used until this is mended`);
}
