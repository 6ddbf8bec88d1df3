import { createHash } from 'node:crypto';

import { CALM_MS } from '../guards/fight.ts';
import type { ReconcileReport, ReportedDifference } from '../model.ts';
import { nothingTold, type RoleState, type ToldLately } from '../ports/role-state.ts';

/** Of what differs, how it ended and who held what; not of times, nor of words that count. */
export function toldDigest({ drift, outcome, verified, changes }: ReconcileReport): string {
  const outcomes = changes.map((change) => [
    change.action,
    change.outcome,
    change.heldBy,
    change.error?.split(':', 1)[0] ?? null,
  ]);
  return digestOf([drift.differences.map(digestOfDifference), outcome, verified, outcomes]);
}

/** So many differences of one fight are told; whoever makes ever new ones shall not drown the rest. */
const MOST_TOLD = 64;

/** Whether a report is of a further round of a fight that people know of. */
export function isKnownFight(
  { drift, changes }: ReconcileReport,
  { isFight, differences }: ToldLately,
): boolean {
  if (!isFight) return false;
  const isFull = differences.length >= MOST_TOLD && changes.every(({ heldBy }) => heldBy === 'fight');
  return (
    isFull || drift.differences.every((difference) => differences.includes(digestOfDifference(difference)))
  );
}

/** What people know once this report was told; null where it was not. With calm, all of it is forgotten. */
export function toldSince(
  { toldLately, reverts }: RoleState,
  news: ReconcileReport | null,
  isFighting: boolean,
  now: Date,
): ToldLately {
  const last = reverts.at(-1)?.at ?? '1970-01-01T00:00:00Z';
  const isCalm = now.getTime() - Date.parse(last) >= CALM_MS;
  const before = isCalm ? nothingTold : toldLately;
  if (news === null) return before;
  const told = news.drift.differences.map(digestOfDifference);
  return {
    isFight: isFighting || before.isFight,
    differences: [...new Set([...before.differences, ...told])].slice(-MOST_TOLD),
  };
}

function digestOfDifference({ path, type, actual }: ReportedDifference): string {
  return digestOf([path, type, actual]);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
