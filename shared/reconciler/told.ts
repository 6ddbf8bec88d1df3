import { createHash } from 'node:crypto';

import { CALM_MS, type Fights } from '../guards/fight.ts';
import type { AppliedChange, Difference, ReconcileReport, ReportedDifference } from '../model.ts';
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

/** So many differences of fights are told; whoever makes ever new ones shall not drown the rest. */
const MOST_TOLD = 64;
const MOST_FIGHTS = 16;

/** Whether a report is of a further round of a fight that people know of. */
export function isKnownFight(
  { changes }: ReconcileReport,
  applied: readonly AppliedChange[],
  fights: Fights,
  { fights: known, differences }: ToldLately,
): boolean {
  if (!known.includes(fights.writer)) return false;
  if (!changes.every(({ heldBy }) => IN_A_FIGHT.has(heldBy))) return false;
  const isFull = differences.length >= MOST_TOLD;
  return applied.every((one) => {
    const { difference } = one.change;
    const isKnown = differences.includes(digestOfDifference(difference));
    if (isKnown && SETTLED_BY.has(one.heldBy)) return true;
    if (!isFought(difference, fights)) return false;
    return isKnown || (isFull && one.heldBy === 'fight' && isOneOfMany(difference, fights));
  });
}

// Held for anything else, a difference that people know of is news: it stays.
const IN_A_FIGHT: ReadonlySet<string | null> = new Set([null, 'fight', 'closeFirst', 'spec', 'mode']);

// No part of a fight, and as people know it.
const SETTLED_BY: ReadonlySet<string | null> = new Set(['closeFirst', 'spec', 'mode']);

function isFought({ path }: Difference, { isOverRole, paths }: Fights): boolean {
  return isOverRole || paths.has(path);
}

/** In a fight over the role anything may hide. */
function isOneOfMany({ path, forbidden, access }: Difference, { paths }: Fights): boolean {
  const letsIn = access.gained.some(({ principal }) => principal !== undefined);
  return paths.has(path) || !(forbidden || letsIn);
}

/** What people know once this report was told; null where it was not. With calm, all of it is forgotten. */
export function toldSince(
  { toldLately, reverts }: RoleState,
  news: ReconcileReport | null,
  { writer, isOverRole, paths }: Fights,
  now: Date,
): ToldLately {
  const last = reverts.at(-1)?.at ?? '1970-01-01T00:00:00Z';
  const isCalm = now.getTime() - Date.parse(last) >= CALM_MS;
  const before = isCalm ? nothingTold : toldLately;
  if (news === null) return before;
  const told = news.drift.differences.map(digestOfDifference);
  const fights = isOverRole || paths.size > 0 ? [writer] : [];
  return {
    fights: [...new Set([...before.fights, ...fights])].slice(-MOST_FIGHTS),
    differences: [...new Set([...before.differences, ...told])].slice(-MOST_TOLD),
  };
}

function digestOfDifference({ path, type, actual }: ReportedDifference): string {
  return digestOf([path, type, actual]);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
