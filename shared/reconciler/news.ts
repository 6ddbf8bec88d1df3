import type { Fights } from '../guards/fight.ts';
import type { AdmittedChange, AppliedChange, ReconcileReport, ReconcileRequest, Verdict } from '../model.ts';
import type { OpenDrift, RoleState } from '../ports/role-state.ts';
import { isKnownFight, toldDigest } from './told.ts';

/** What is known about what people know. */
export interface Told {
  /** As it was before this look. */
  readonly known: RoleState;
  readonly drift: OpenDrift;
  readonly request: ReconcileRequest;
  readonly admitted: readonly AdmittedChange[];
  readonly applied: readonly AppliedChange[];
  readonly fights: Fights;
  /** Answers the incident that tells for all under a key. */
  readonly spokesman: (key: string) => Promise<string>;
}

/**
 * Whether a report says what people have not been told: a redelivery, another look at what is held, and every further
 * round of a fight say nothing new; of roles that are held for one reason, one tells for all.
 */
export async function isNews(report: ReconcileReport, told: Told): Promise<boolean> {
  const { known, drift, request, admitted, applied, fights, spokesman } = told;
  // Any further round of a fight that people know of; that we have begun to lose it is new.
  const isFurtherRound = isKnownFight(report, applied, fights, known.toldLately);
  if (isFurtherRound && !hasFailed(report)) return false;
  const tellings = tellingsOf(admitted);
  const shared = sharedIn(tellings);
  const knows = new Set(known.drift?.causes.map(({ eventId }) => eventId));
  // A second look has the causes of the first, also where that saw nothing. Who speaks for all need not name everybody's.
  const isExplained =
    isFurtherRound ||
    shared !== undefined ||
    request.recheck > 0 ||
    request.causes.every(({ eventId }) => knows.has(eventId));
  if (isExplained && drift.told === toldDigest(report)) return false;
  if (tellings.length === 0 || tellings.includes('now')) return true;
  if (shared === undefined) return false;
  // What somebody has done to a role that another speaks for, the other has not told.
  const isChanged = drift.told !== null && request.causes.length > 0;
  return isChanged || (await spokesman(shared.once)) === drift.incidentId;
}

/** Whether nothing is told of a role because another speaks for it. */
export function isSpokenFor(admitted: readonly AdmittedChange[]): boolean {
  return sharedIn(tellingsOf(admitted)) !== undefined;
}

function hasFailed({ changes }: ReconcileReport): boolean {
  return changes.some(({ outcome }) => outcome === 'failed');
}

type Telling = Extract<Verdict, { decision: 'hold' }>['telling'];

/** What another role's report may tell for this one. */
function sharedIn(tellings: readonly Telling[]): Exclude<Telling, string> | undefined {
  return tellings.includes('now') ? undefined : tellings.find((telling) => typeof telling === 'object');
}

/** Of the changes that are the guards' to decide; what the spec itself leaves in place is told along with them. */
function tellingsOf(admitted: readonly AdmittedChange[]): readonly Telling[] {
  return admitted.flatMap(({ verdict }) => {
    if (verdict.decision === 'apply') return ['now'];
    return verdict.guard === 'spec' || verdict.guard === 'mode' ? [] : [verdict.telling];
  });
}
