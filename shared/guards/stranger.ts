import { isRoleCreation, mayHaveMade } from '../aspects/made-by.ts';
import type { Cause, DesiredRole, Drift, ObservedRole } from '../model.ts';
import { letsSomebodyIn } from '../policy/outsider.ts';
import type { RoleState } from '../ports/role-state.ts';

interface Sighting {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly drift: Drift;
  /** Since the role was last in sync, those of this look among them. */
  readonly causes: readonly Cause[];
  readonly known: RoleState;
  /** Since when the account's roles are known, ISO 8601; null before the first resync. */
  readonly knownSince: string | null;
  readonly now: Date;
}

/** Longer than CloudTrail usually takes to tell of a creation. */
const YOUNG_MS = 15 * 60_000;
/** CloudTrail and IAM both tell times in whole seconds, each by its own clock. */
const SAME_TIME_MS = 5000;

/** Whose role it is: the known one, or one that nobody knows; for now only, where its creation was not told yet. */
export type Identity = 'known' | 'stranger' | 'awaited';

/**
 * Whether nobody knows whose role this is: another than the one known under its name, since that was deleted and created
 * again; or one that was created while we looked on, under a name that a pattern reaches, or that may have let somebody in who
 * is not declared. Any other role that the spec names is believed at first sight. A stranger stays one until it is approved; one
 * whose creation was not told yet, until it is told, and was in order.
 */
export function identityOf(sighting: Sighting): Identity {
  const { desired, observed, known } = sighting;
  if (observed.roleId === null) return 'known';
  if (known.roleId !== null) return known.roleId === observed.roleId ? 'known' : 'stranger';
  const isMet = known.strangerId === observed.roleId;
  if (isMet && !known.awaitsCreation) return 'stranger';
  if (!isMet && !isNew(sighting)) return 'known';
  if (desired.isByPattern || mayHaveLetIn(sighting)) return 'stranger';
  if (isSeenCreated(sighting)) return 'known';
  return isMet || (sighting.causes.length > 0 && isYoung(sighting)) ? 'awaited' : 'known';
}

function isNew({ observed: { createdAt }, causes, knownSince }: Sighting): boolean {
  if (causes.some(({ eventName }) => isRoleCreation(eventName))) return true;
  return knownSince !== null && createdAt !== null && Date.parse(createdAt) > Date.parse(knownSince);
}

/** Whoever was let in has a session by now, and would have what is given to the role, whom it trusts since. */
function mayHaveLetIn(sighting: Sighting): boolean {
  const { desired, drift, causes } = sighting;
  // Whom it trusts nobody says, so nobody compares it. One that has been there for a while was declared by somebody who knows it.
  if (desired.aspects['trustPolicy'] === undefined) return causes.length > 0 || isYoung(sighting);
  const isOpen = drift.differences.some(({ access }) => letsSomebodyIn(access));
  return isOpen || causes.some(hasOpened);
}

function hasOpened({ eventName, createdOpen }: Cause): boolean {
  return createdOpen === true || (!isRoleCreation(eventName) && mayHaveMade(eventName, 'trustPolicy'));
}

/** Events come in any order: of a role that has just been created, the one that tells how is on its way. */
function isSeenCreated({ observed: { createdAt }, causes }: Sighting): boolean {
  return causes.some(
    ({ eventName, eventTime }) =>
      isRoleCreation(eventName) &&
      createdAt !== null &&
      Math.abs(Date.parse(eventTime) - Date.parse(createdAt)) <= SAME_TIME_MS,
  );
}

function isYoung({ observed: { createdAt }, now }: Sighting): boolean {
  return createdAt !== null && now.getTime() - Date.parse(createdAt) < YOUNG_MS;
}
