import { InvalidSpecError } from '../shared/errors.ts';
import { CANARY_ROLE_NAME, canarySpecText } from '../shared/spec/canary.ts';
import { formatFault, loadSpec } from '../shared/spec/load-spec.ts';
import type { Spec } from '../shared/spec/spec.ts';
import { specDigest } from '../shared/spec/spec-digest.ts';
import { CANARY_BOUNDARY_NAME } from './names.ts';

/**
 * The spec with the canary role declared, enforced whatever the others are.
 * @throws {InvalidSpecError} if the spec has a role of its name.
 */
export function withCanary(spec: Spec): Spec {
  const own = spec.roles.find(({ name }) => name.toLowerCase() === CANARY_ROLE_NAME.toLowerCase());
  if (own !== undefined)
    throw new InvalidSpecError(
      `${spec.file}:${own.line}: ${own.name} is the canary's name: remove the entry, or the setting canary`,
    );
  const { spec: canary, faults } = loadSpec(canarySpecText(CANARY_BOUNDARY_NAME), 'the canary');
  if (canary === null) throw new InvalidSpecError(faults.map(formatFault).join('\n'));
  const roles = [...spec.roles, ...canary.roles];
  return { ...spec, version: specDigest(roles), roles };
}
