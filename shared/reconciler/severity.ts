import type { Access, Difference, RoleRef, Severity } from '../model.ts';

/** How soon a person should look: by the access that changed, not by who changed it. */
export function severityOf(differences: readonly Difference[], role: RoleRef): Severity {
  if (differences.length === 0) return 'none';
  const gained = differences.flatMap(({ access }) => access.gained);
  if (gained.some((access) => isOutside(access, role))) return 'critical';
  if (gained.length > 0) return 'high';
  return differences.some(({ access }) => access.lost.length > 0) ? 'medium' : 'low';
}

const ACCOUNT_OF = /^AWS:(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/;

/** Anyone at all, another account, or an identity whose account nobody can tell. */
function isOutside({ principal }: Access, { accountId }: RoleRef): boolean {
  if (principal === undefined || !principal.startsWith('AWS:')) return false;
  return ACCOUNT_OF.exec(principal)?.[1] !== accountId;
}
