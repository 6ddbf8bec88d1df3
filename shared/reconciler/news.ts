import type { Fights } from '../guards/fight.ts';
import { mayHaveMade } from '../aspects/made-by.ts';
import type { AdmittedChange, AppliedChange, Cause, Change, ReconcileReport, Verdict } from '../model.ts';
import type { OpenDrift, RoleState } from '../ports/role-state.ts';
import { isKnownAsIs, isKnownDifference, isKnownFight, leftOf } from './told.ts';

/** What is known about what people know. */
export interface Told {
  /** As it was before this look. */
  readonly known: RoleState;
  readonly drift: OpenDrift;
  /** Of this look. */
  readonly causes: readonly Cause[];
  readonly admitted: readonly AdmittedChange[];
  readonly applied: readonly AppliedChange[];
  readonly fights: Fights;
  /** Answers the incident that tells for all under a key. */
  readonly spokesman: (key: string) => Promise<string>;
}

/**
 * Whether a report says what people have not been told: something was put back, or what is left is not as they know it. A
 * redelivery, another event or look that has changed nothing, and every further round of a fight say nothing new; of roles
 * that are held for one reason, one tells for all.
 */
export async function isNews({ verified }: ReconcileReport, news: Told): Promise<boolean> {
  const { known, drift, causes, admitted, applied, fights, spokesman } = news;
  const { told } = drift;
  const left = leftOf(applied, verified);
  const unknown = left.filter((one) => !isKnownAsIs(one, told));
  // That we have begun to lose a fight is new.
  const isLost = unknown.some(({ outcome }) => outcome === 'failed');
  if (!isLost && isKnownFight(applied, fights, known.toldLately, told)) return false;
  if (left.length === applied.length && unknown.length === 0) return false;
  const tellings = tellingsOf(admitted, told);
  if (tellings.length === 0 || tellings.includes('now')) return true;
  const shared = sharedIn(tellings);
  if (shared === undefined) return false;
  // What somebody has done since to a role that another speaks for, the other has not told.
  const isChanged =
    told !== null &&
    unknown.some(({ change }) => !isKnownDifference(change, told) && hasMaker(change, causes));
  return isChanged || (await spokesman(shared.once)) === drift.incidentId;
}

function hasMaker({ aspect }: Change, causes: readonly Cause[]): boolean {
  return causes.some(({ eventName }) => mayHaveMade(eventName, aspect));
}

/** Whether nothing is told of a role because another speaks for it. */
export function isSpokenFor(admitted: readonly AdmittedChange[], { told }: OpenDrift): boolean {
  return sharedIn(tellingsOf(admitted, told)) !== undefined;
}

type Telling = Extract<Verdict, { decision: 'hold' }>['telling'];

/** What another role's report may tell for this one. */
function sharedIn(tellings: readonly Telling[]): Exclude<Telling, string> | undefined {
  return tellings.includes('now') ? undefined : tellings.find((telling) => typeof telling === 'object');
}

/**
 * Of the changes that are the guards' to decide; what the spec itself leaves in place is told along with them, but for access
 * that people do not know of: nobody else speaks for that.
 */
function tellingsOf(admitted: readonly AdmittedChange[], told: OpenDrift['told']): readonly Telling[] {
  return admitted.flatMap(({ change, verdict }) => {
    if (verdict.decision === 'apply') return ['now'];
    if (verdict.guard !== 'spec' && verdict.guard !== 'mode') return [verdict.telling];
    const isNew = change.difference.access.gained.length > 0 && !isKnownDifference(change, told);
    return isNew ? ['now'] : [];
  });
}
