import { readFileSync } from 'node:fs';

import { InvalidSpecError } from '../shared/errors.ts';
import type { Mode } from '../shared/model.ts';
import { inMode } from '../shared/spec/in-mode.ts';
import { formatFault, loadSpec } from '../shared/spec/load-spec.ts';
import type { Spec } from '../shared/spec/spec.ts';

/**
 * The spec to deploy, in the given mode throughout, or in those that it declares.
 * @throws {InvalidSpecError} with every fault, one a line.
 */
export function readSpec(file: string, mode: Mode | null): Spec {
  const { spec, faults } = loadSpec(textOf(file), file);
  if (spec === null) throw new InvalidSpecError(faults.map(formatFault).join('\n'));
  return mode === null ? spec : inMode(spec, mode);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InvalidSpecError(
      `${file}: the spec cannot be read (${cause instanceof Error ? cause.message : String(cause)}); ` +
        'give setting specFile a path from the folder in which CDK runs',
      { cause },
    );
  }
}
