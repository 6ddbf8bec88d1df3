import type { Difference, RoleRef, Severity } from '../model.ts';
import { isOutsider } from '../policy/outsider.ts';

const WORST_FIRST = ['critical', 'high', 'medium', 'low'] as const;

/** How soon a person should look: by the worst difference, and not by who made it. */
export function severityOf(differences: readonly Difference[], role: RoleRef): Severity {
  const found = new Set(differences.map((difference) => difference.severity ?? byAccess(difference, role)));
  return WORST_FIRST.find((severity) => found.has(severity)) ?? 'none';
}

function byAccess({ access: { gained, lost } }: Difference, role: RoleRef): Severity {
  if (gained.some(({ principal }) => isOutsider(principal, role.accountId))) return 'critical';
  if (gained.length > 0) return 'high';
  return lost.length > 0 ? 'medium' : 'low';
}
