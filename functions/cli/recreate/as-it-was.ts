import { asObserved } from '../../../shared/aspects/as-observed.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import { findDeclaration } from '../../../shared/spec/desired-role.ts';
import type { Spec } from '../../../shared/spec/spec.ts';

/**
 * The spec, with the incident's role declared as it was found then. What no declaration tells, such as an association with
 * another role, stays as the spec declares it.
 */
export function asItWas(spec: Spec, { role, before }: Incident): Spec {
  const declaration = findDeclaration(spec, role.roleName);
  if (declaration === null) return spec;
  const asFound = {
    ...declaration,
    name: role.roleName,
    aspects: { ...declaration.aspects, ...asObserved(before, role) },
  };
  return { ...spec, roles: [asFound, ...spec.roles.filter((other) => other !== declaration)] };
}
