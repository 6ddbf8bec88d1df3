import type { DesiredAspect, DesiredRole, Grace, RoleRef } from '../model.ts';
import { declarationDigests } from './spec-digest.ts';
import { isProtectedRoleName } from './protected-roles.ts';
import { isPattern, matchesPattern } from './role-name-pattern.ts';
import type { RoleDeclaration, Spec } from './spec.ts';
import { resolveText, resolveVariables } from './variables.ts';

/**
 * The declaration that governs a role; null if none does. Names ignore case. An exact name wins over every pattern;
 * among patterns the first in the file wins. A protected name is never reached by a pattern.
 */
export function findDeclaration(spec: Spec, roleName: string): RoleDeclaration | null {
  const wanted = roleName.toLowerCase();
  const exact = spec.roles.find(({ name }) => name.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  if (isProtectedRoleName(roleName) !== null) return null;
  return spec.roles.find(({ name }) => isPattern(name) && matchesPattern(name, roleName)) ?? null;
}

/** How a role must look: its declaration with the variables resolved for its account and partition; null if undeclared. */
export function desiredRole(spec: Spec, ref: RoleRef): DesiredRole | null {
  const declaration = findDeclaration(spec, ref.roleName);
  if (declaration === null) return null;
  return {
    // The spec's own spelling where it names the role: an event's is chosen by whoever made the call.
    ref: isPattern(declaration.name) ? ref : { ...ref, roleName: declaration.name },
    isByPattern: isPattern(declaration.name),
    path: declaration.path,
    mode: declaration.mode,
    isDeclared: (roleName) => findDeclaration(spec, roleName) !== null,
    aspects: Object.fromEntries(
      Object.entries(declaration.aspects).map(([name, aspect]): [string, DesiredAspect] => [
        name,
        { mode: aspect.mode, declared: resolveVariables(aspect.declared, ref) },
      ]),
    ),
    grace: graceFor(declaration, ref),
    recreation: declaration.recreation ?? null,
    digests: declarationDigests(declaration),
    spec: { version: spec.version, file: spec.file, line: declaration.line },
  };
}

function graceFor({ grace }: RoleDeclaration, ref: RoleRef): Grace | null {
  return grace === undefined
    ? null
    : { ...grace, deployers: grace.deployers.map((arn) => resolveText(arn, ref)) };
}
