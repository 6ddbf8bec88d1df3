import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import type { Spec } from '../../shared/spec/spec.ts';

/** The spec in a text that is known to be right. */
export function specOf(text: string): Spec {
  const { spec, faults } = loadSpec(text, 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  return spec;
}

/** Each fault of a text as `line:column place: message`. */
export function faultsOf(text: string): readonly string[] {
  return loadSpec(text, 'roles.yaml').faults.map(
    ({ line, column, place, message }) => `${line}:${column} ${place}: ${message}`,
  );
}

/** Faults of a spec with these lines under `roles`, without their positions. */
export function faultsOfRoles(...lines: readonly string[]): readonly string[] {
  const { faults } = loadSpec(['version: 1', 'roles:', ...lines].join('\n'), 'roles.yaml');
  return faults.map(({ place, message }) => `${place}: ${message}`);
}

/** Remedies for the same. */
export function remediesOfRoles(...lines: readonly string[]): readonly string[] {
  const { faults } = loadSpec(['version: 1', 'roles:', ...lines].join('\n'), 'roles.yaml');
  return faults.map(({ remedy }) => remedy);
}
