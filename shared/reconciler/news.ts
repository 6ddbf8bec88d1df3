import { createHash } from 'node:crypto';

import { CALM_MS } from '../guards/fight.ts';
import type {
  AdmittedChange,
  ReconcileReport,
  ReconcileRequest,
  ReportedDifference,
  Verdict,
} from '../model.ts';
import type { OpenDrift, RoleState } from '../ports/role-state.ts';

/** What is known about what people know. */
export interface Told {
  /** As it was before this look. */
  readonly known: RoleState;
  readonly drift: OpenDrift;
  readonly request: ReconcileRequest;
  readonly admitted: readonly AdmittedChange[];
  /** Answers the incident that tells for all under a key. */
  readonly spokesman: (key: string) => Promise<string>;
}

/**
 * Whether a report says what people have not been told: a redelivery, another look at what is held, and every further
 * round of a fight say nothing new; of roles that are held for one reason, one tells for all.
 */
export async function isNews(report: ReconcileReport, told: Told): Promise<boolean> {
  const { known, drift, request, admitted, spokesman } = told;
  // Any further round of a fight that people know of; that we have begun to lose it is new.
  const isFurtherRound = isKnownFight(report, known);
  if (isFurtherRound && !hasFailed(report)) return false;
  const tellings = tellingsOf(admitted);
  const shared = tellings.includes('now')
    ? undefined
    : tellings.find((telling) => typeof telling === 'object');
  const knows = new Set(known.drift?.causes.map(({ eventId }) => eventId));
  // A second look has the causes of the first. Who speaks for all need not name everybody's.
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
  const tellings = tellingsOf(admitted);
  return !tellings.includes('now') && tellings.some((telling) => typeof telling === 'object');
}

const FIGHT = 'fight';
/** So many differences of one fight are told; whoever makes ever new ones shall not drown the rest. */
const MOST_TOLD = 64;

function isKnownFight({ drift, changes }: ReconcileReport, { fightsTold }: RoleState): boolean {
  if (!fightsTold.includes(FIGHT)) return false;
  const isFull = fightsTold.length > MOST_TOLD && changes.every(({ heldBy }) => heldBy === 'fight');
  return isFull || drift.differences.every((difference) => fightsTold.includes(digestOfOne(difference)));
}

/** What is remembered of what was told, while it is being put back again and again. */
export function toldLately(
  { fightsTold, reverts }: RoleState,
  news: ReconcileReport | null,
  isFighting: boolean,
  now: Date,
): readonly string[] {
  const last = reverts.at(-1)?.at ?? '1970-01-01T00:00:00Z';
  const before = now.getTime() - Date.parse(last) < CALM_MS ? fightsTold : [];
  if (news === null) return before;
  const isFight = isFighting || before.includes(FIGHT);
  const told = news.drift.differences.map(digestOfOne);
  const digests = [...new Set([...before.filter((one) => one !== FIGHT), ...told])].slice(-MOST_TOLD);
  return isFight ? [FIGHT, ...digests] : digests;
}

function digestOfOne({ path, type, actual }: ReportedDifference): string {
  return digestOf([path, type, actual]);
}

function hasFailed({ changes }: ReconcileReport): boolean {
  return changes.some(({ outcome }) => outcome === 'failed');
}

type Telling = Extract<Verdict, { decision: 'hold' }>['telling'];

/** Of the changes that are the guards' to decide; what the spec itself leaves in place is told along with them. */
function tellingsOf(admitted: readonly AdmittedChange[]): readonly Telling[] {
  return admitted.flatMap(({ verdict }) => {
    if (verdict.decision === 'apply') return ['now'];
    return verdict.guard === 'spec' || verdict.guard === 'mode' ? [] : [verdict.telling];
  });
}

/** Of what differs, how it ended and who held what; not of times, nor of words that count. */
export function toldDigest(report: ReconcileReport): string {
  const changes = report.changes.map(({ action, outcome, heldBy, error }) => [
    action,
    outcome,
    heldBy,
    error?.split(':', 1)[0] ?? null,
  ]);
  return digestOf([driftDigest(report), report.outcome, report.verified, changes]);
}

function driftDigest({ drift }: ReconcileReport): string {
  return digestOf(drift.differences.map(({ path, type, actual }) => [path, type, actual]));
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
