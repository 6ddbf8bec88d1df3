import type { Aspect } from '../aspects/define.ts';
import { type FaultDraft, quote } from './spec-fault.ts';
import type { RoleDeclaration } from './spec.ts';

/** Roles that declare the same thing outside of themselves, such as a policy's content, and not alike. `roles` in the order of the file. */
export function* agreementFaults(
  roles: readonly RoleDeclaration[],
  aspects: readonly Aspect[],
): Generator<FaultDraft> {
  const declaredBefore = new Map<string, { readonly roleName: string; readonly text: string }>();
  for (const [index, role] of roles.entries())
    for (const { name: aspect, agreements } of aspects) {
      const declaration = role.aspects[aspect];
      if (declaration === undefined) continue;
      for (const [name, value] of agreements(declaration.declared)) {
        const key = JSON.stringify([aspect, name.toLowerCase()]);
        const text = JSON.stringify(value);
        const other = declaredBefore.get(key);
        if (other === undefined) declaredBefore.set(key, { roleName: role.name, text });
        else if (other.text !== text)
          yield {
            path: ['roles', index, aspect],
            message: `the role ${quote(other.roleName)} declares ${quote(name)} otherwise, and there is only one`,
            remedy: 'declare the same for both; a YAML anchor saves writing it twice',
          };
      }
    }
}
