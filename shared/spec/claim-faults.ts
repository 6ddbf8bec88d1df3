import type { Aspect } from '../aspects/define.ts';
import { isPattern } from './role-name-pattern.ts';
import { type FaultDraft, quote } from './spec-fault.ts';
import type { RoleDeclaration } from './spec.ts';

/**
 * Roles that would take something from one another for ever, such as their place in an instance profile: two that claim
 * the same, and patterns, which may stand for many roles. `roles` in the order of the file.
 */
export function* claimFaults(
  roles: readonly RoleDeclaration[],
  aspects: readonly Aspect[],
): Generator<FaultDraft> {
  const claimed = new Map<string, string>();
  for (const [index, role] of roles.entries())
    for (const { name: aspect, claims } of aspects) {
      const declaration = role.aspects[aspect];
      if (declaration === undefined) continue;
      const path = ['roles', index, aspect];
      for (const claim of claims(declaration.declared)) {
        const key = JSON.stringify([aspect, claim.toLowerCase()]);
        const other = claimed.get(key);
        if (isPattern(role.name))
          yield {
            path,
            message: `${quote(role.name)} may stand for many roles, and only one can have ${quote(claim)}`,
            remedy: 'declare the role by its exact name',
          };
        else if (other !== undefined)
          yield {
            path,
            message: `the role ${quote(other)} declares ${quote(claim)} already, and only one role can have it`,
            remedy: 'remove it from one of the two',
          };
        else claimed.set(key, role.name);
      }
    }
}
