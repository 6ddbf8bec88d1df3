import type { Cause, DesiredRole, Drift, ObservedRole } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';

interface Sighting {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly drift: Drift;
  /** Of this look. */
  readonly causes: readonly Cause[];
  readonly known: RoleState;
  /** Since when the account's roles are known, ISO 8601; null before the first resync. */
  readonly knownSince: string | null;
}

/**
 * Whether nobody knows whose role this is: another than the one known under its name, since that was deleted and created
 * again; or one that was created while we looked on, under a name that a pattern reaches, or open to somebody who is not
 * declared. Any other role that the spec names is believed at first sight. A stranger stays one until it is approved.
 */
export function isStranger(sighting: Sighting): boolean {
  const { desired, observed, drift, known } = sighting;
  if (observed.roleId === null) return false;
  if (known.roleId !== null) return known.roleId !== observed.roleId;
  if (known.strangerId === observed.roleId) return true;
  // Whoever was let in at its creation has a session by now, and would have what is given to the role.
  const isOpen = drift.differences.some(({ access }) =>
    access.gained.some(({ principal }) => principal !== undefined),
  );
  return (desired.isByPattern || isOpen) && isNew(sighting);
}

function isNew({ observed: { createdAt }, causes, knownSince }: Sighting): boolean {
  if (causes.some(({ eventName }) => eventName === 'CreateRole')) return true;
  return knownSince !== null && createdAt !== null && Date.parse(createdAt) > Date.parse(knownSince);
}
