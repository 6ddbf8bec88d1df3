import type { Access, Difference, RoleRef, Severity } from '../model.ts';
import { ACCOUNT_ID } from '../policy/account-id.ts';

const WORST_FIRST = ['critical', 'high', 'medium', 'low'] as const;

/** How soon a person should look: by the worst difference, and not by who made it. */
export function severityOf(differences: readonly Difference[], role: RoleRef): Severity {
  const found = new Set(differences.map((difference) => difference.severity ?? byAccess(difference, role)));
  return WORST_FIRST.find((severity) => found.has(severity)) ?? 'none';
}

function byAccess({ access: { gained, lost } }: Difference, role: RoleRef): Severity {
  if (gained.some((access) => isOutside(access, role))) return 'critical';
  if (gained.length > 0) return 'high';
  return lost.length > 0 ? 'medium' : 'low';
}

const ACCOUNT_OF = new RegExp(`^AWS:(?:arn:[^:]*:(?:iam|sts)::)?(${ACCOUNT_ID})(?::|$)`);

/** Anyone at all, another account, or an identity whose account nobody can tell. */
function isOutside({ principal }: Access, { accountId }: RoleRef): boolean {
  if (principal === undefined || !principal.startsWith('AWS:')) return false;
  return ACCOUNT_OF.exec(principal)?.[1] !== accountId;
}
