import { createHash } from 'node:crypto';

import { CALM_MS, type Fights, type Fought } from '../guards/fight.ts';
import type { AppliedChange, Difference, ReconcileReport, ReportedDifference } from '../model.ts';
import { nothingTold, type RoleState, type ToldLately } from '../ports/role-state.ts';

/** What a look has left as it is, or has not seen put back. */
export function leftOf(
  applied: readonly AppliedChange[],
  verified: ReconcileReport['verified'],
): readonly AppliedChange[] {
  return verified === false
    ? applied
    : applied.filter(({ outcome }) => outcome === 'held' || outcome === 'failed');
}

/** Of what is left, how it ended and who holds what; not of times, nor of words that count. */
export function toldDigest(left: readonly AppliedChange[]): string {
  return digestOf(
    left.map(({ change, outcome, heldBy, error }) => [
      digestOfDifference(change.difference),
      change.action,
      outcome,
      heldBy,
      error?.split(':', 1)[0] ?? null,
    ]),
  );
}

/** So many differences of fights are told; whoever makes ever new ones shall not drown the rest. */
const MOST_TOLD = 64;
const MOST_FIGHTS = 16;

/** Whether a report is of a further round of a fight that people know of. */
export function isKnownFight(
  applied: readonly AppliedChange[],
  fights: Fights,
  { fights: known, differences }: ToldLately,
): boolean {
  if (fights.size === 0 || ![...fights.values()].every(({ writer }) => known.includes(writer))) return false;
  if (!applied.every(({ heldBy }) => IN_A_FIGHT.has(heldBy))) return false;
  const isFull = differences.length >= MOST_TOLD;
  return applied.every((one) => {
    const { difference } = one.change;
    const isKnown = differences.includes(digestOfDifference(difference));
    if (isKnown && SETTLED_BY.has(one.heldBy)) return true;
    const fight = fights.get(difference.path);
    if (fight === undefined) return false;
    return isKnown || (isFull && one.heldBy === 'fight' && isOneOfMany(difference, fight));
  });
}

// Held for anything else, a difference that people know of is news: it stays.
const IN_A_FIGHT: ReadonlySet<string | null> = new Set([null, 'fight', 'closeFirst', 'spec', 'mode']);

// No part of a fight, and as people know it.
const SETTLED_BY: ReadonlySet<string | null> = new Set(['closeFirst', 'spec', 'mode']);

/** In a fight over the role anything may hide. */
function isOneOfMany({ forbidden, access }: Difference, { isOverRole }: Fought): boolean {
  const letsIn = access.gained.some(({ principal }) => principal !== undefined);
  return !isOverRole || !(forbidden || letsIn);
}

/** What people know once this report was told; null where it was not. With calm, all of it is forgotten. */
export function toldSince(
  { toldLately, reverts }: RoleState,
  news: ReconcileReport | null,
  fights: Fights,
  now: Date,
): ToldLately {
  const last = reverts.at(-1)?.at ?? '1970-01-01T00:00:00Z';
  const isCalm = now.getTime() - Date.parse(last) >= CALM_MS;
  const before = isCalm ? nothingTold : toldLately;
  if (news === null) return before;
  const told = news.drift.differences.map(digestOfDifference);
  return {
    fights: [...new Set([...before.fights, ...[...fights.values()].map(({ writer }) => writer)])].slice(
      -MOST_FIGHTS,
    ),
    differences: [...new Set([...before.differences, ...told])].slice(-MOST_TOLD),
  };
}

function digestOfDifference({ path, type, actual }: ReportedDifference): string {
  return digestOf([path, type, actual]);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
