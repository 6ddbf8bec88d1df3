import type { Fights } from '../guards/fight.ts';
import type { AdmittedChange, AppliedChange, ReconcileReport, ReconcileRequest, Verdict } from '../model.ts';
import type { OpenDrift, RoleState } from '../ports/role-state.ts';
import { isKnownFight, leftOf, toldDigest } from './told.ts';

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
 * Whether a report says what people have not been told: something was put back, or what is left is not as they know it. A
 * redelivery, another event or look that has changed nothing, and every further round of a fight say nothing new; of roles
 * that are held for one reason, one tells for all.
 */
export async function isNews(report: ReconcileReport, told: Told): Promise<boolean> {
  const { known, drift, request, admitted, applied, fights, spokesman } = told;
  const isLost = applied.some(({ outcome }) => outcome === 'failed');
  // That we have begun to lose a fight is new.
  if (!isLost && isKnownFight(applied, fights, known.toldLately)) return false;
  const left = leftOf(applied, report.verified);
  if (left.length === applied.length && drift.told === toldDigest(left)) return false;
  const tellings = tellingsOf(admitted);
  if (tellings.length === 0 || tellings.includes('now')) return true;
  const shared = sharedIn(tellings);
  if (shared === undefined) return false;
  // What somebody has done to a role that another speaks for, the other has not told.
  const isChanged = drift.told !== null && request.causes.length > 0;
  return isChanged || (await spokesman(shared.once)) === drift.incidentId;
}

/** Whether nothing is told of a role because another speaks for it. */
export function isSpokenFor(admitted: readonly AdmittedChange[]): boolean {
  return sharedIn(tellingsOf(admitted)) !== undefined;
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
