import type { Mode } from '../model.ts';
import type { Spec } from './spec.ts';

/** The spec with one mode for every role and aspect. */
export function inMode(spec: Spec, mode: Mode): Spec {
  return {
    ...spec,
    roles: spec.roles.map((role) => ({
      ...role,
      mode,
      aspects: Object.fromEntries(
        Object.entries(role.aspects).map(([name, aspect]) => [name, { ...aspect, mode }]),
      ),
    })),
  };
}
