import type { DesiredRole, RecreationRecipe } from '../model.ts';
import type { LastInSync } from '../ports/role-state.ts';
import { asLastInSync, creationCalls } from './creation-calls.ts';
import { creationScript } from './creation-script.ts';
import { creationTemplate } from './creation-template.ts';
import { inertJson } from './inert-json.ts';

/**
 * What makes a deleted role again as it is declared, and otherwise as it was when it was last seen in sync. Pure.
 * null where neither tells the role's trust policy.
 */
export function recreationRecipe(
  desired: DesiredRole,
  lastInSync: LastInSync | null,
): RecreationRecipe | null {
  const calls = creationCalls(lastInSync === null ? desired : asLastInSync(desired, lastInSync));
  if (calls === null) return null;
  const template = creationTemplate(calls);
  return {
    from: lastInSync === null ? 'declaration' : 'last-in-sync',
    script: creationScript(calls, desired.ref.roleName),
    cloudFormation: template === null ? null : inertJson(template),
  };
}
