import { loadSpec } from '../../shared/spec/load-spec.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import type { Io } from './io.ts';
import { decodeText, readBytes, readInput, reasonOf } from './read-input.ts';
import { showFaults } from './spec-faults.ts';
import { UsageError } from './usage-error.ts';

/** Where a checkout has its spec. */
export const defaultSpecFile = 'infra/spec/roles.yaml';

/** The text of a spec. @throws {UsageError} where it cannot be read, with how to name another. */
export async function readSpecText(io: Io, file: string, shownAs: string = file): Promise<string> {
  return decodeText(file === defaultSpecFile ? await readDefault(io) : await readInput(io, file), shownAs);
}

async function readDefault(io: Io): Promise<Uint8Array> {
  try {
    return await readBytes(io, defaultSpecFile);
  } catch (cause) {
    const reason = `${defaultSpecFile}: cannot be read: ${reasonOf(cause)}`;
    throw new UsageError(`${reason}. Name the spec with --spec FILE`, { cause });
  }
}

/** A spec, ready for use. `shownAs` is its name in messages and reports. @throws {UsageError} after all its faults were told. */
export async function readSpec(io: Io, file: string, shownAs: string = file): Promise<Spec> {
  const text = await readSpecText(io, file, shownAs);
  const { spec, faults } = loadSpec(text, shownAs);
  if (spec !== null) return spec;
  showFaults(io.stderr, text, faults);
  throw new UsageError(`${shownAs}: the spec cannot be used until this is mended`);
}
