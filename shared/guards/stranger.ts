import type { DesiredRole, ObservedRole } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';

interface Sighting {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly known: RoleState;
  readonly knownSince: string | null;
}

/**
 * Whether this is another role than the one known under its name: it was deleted and created again, or it was created
 * under a name that a pattern reaches after all such roles were known. A role that the spec names is believed at first sight.
 */
export function isStranger({ desired, observed, known, knownSince }: Sighting): boolean {
  if (observed.roleId === null) return false;
  if (known.roleId !== null) return known.roleId !== observed.roleId;
  if (!desired.isByPattern || knownSince === null || observed.createdAt === null) return false;
  return Date.parse(observed.createdAt) > Date.parse(knownSince);
}
