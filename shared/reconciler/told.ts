import { createHash } from 'node:crypto';

import { CALM_MS, type Fights, type Fought } from '../guards/fight.ts';
import type { AppliedChange, Change, Difference, ReconcileReport, ReportedDifference } from '../model.ts';
import { letsSomebodyIn } from '../policy/outsider.ts';
import { nothingTold, type OpenDrift, type RoleState, type ToldLately } from '../ports/role-state.ts';

/** What a look has left as it is, or has not seen put back. */
export function leftOf(
  applied: readonly AppliedChange[],
  verified: ReconcileReport['verified'],
): readonly AppliedChange[] {
  return verified === false
    ? applied
    : applied.filter(({ outcome }) => outcome === 'held' || outcome === 'failed');
}

/**
 * What people know of what is left: of each change its difference, how it ended, who holds it and whether for good; not times,
 * nor words that count.
 */
export function toldOf(left: readonly AppliedChange[]): readonly string[] {
  return left.map(toldDigest);
}

type Told = OpenDrift['told'];

/** Whether people know of a change that it is left so. */
export function isKnownAsIs(one: AppliedChange, told: Told): boolean {
  return told?.includes(toldDigest(one)) ?? false;
}

/** Whether people know that it differs so, however it was left when they were told. */
export function isKnownDifference({ difference }: Pick<Change, 'difference'>, told: Told): boolean {
  return told?.some((digest) => digest.startsWith(digestOfDifference(difference))) ?? false;
}

function toldDigest({ change, outcome, heldBy, dueAt, error }: AppliedChange): string {
  const code = error?.split(':', 1)[0] ?? null;
  // That from now on it waits for a person is news; of what waits for others to be closed, those tell it.
  const isForGood = heldBy !== 'closeFirst' && dueAt === null;
  return `${digestOfDifference(change.difference)} ${digestOf([change.action, outcome, heldBy, isForGood, code])}`;
}

/** So many differences of fights are told; whoever makes ever new ones shall not drown the rest. */
const MOST_TOLD = 64;
const MOST_FIGHTS = 16;

/** Whether all that a look came to is a further round of a fight that people know of, or left as they know it. */
export function isKnownFight(
  applied: readonly AppliedChange[],
  fights: Fights,
  { fights: known, differences }: ToldLately,
  told: Told,
): boolean {
  if (fights.size === 0 || ![...fights.values()].every(({ writer }) => known.includes(writer))) return false;
  const isFull = differences.length >= MOST_TOLD;
  return applied.every((one) => {
    if (isKnownAsIs(one, told)) return true;
    const { difference } = one.change;
    const isKnown = differences.includes(digestOfDifference(difference));
    const fight = fights.get(difference.path);
    if (fight === undefined) return isKnown && LEFT_BY.has(one.heldBy);
    // Held for anything else it is news: it stays.
    if (!IN_A_FIGHT.has(one.heldBy)) return false;
    return isKnown || (isFull && one.heldBy === 'fight' && isOneOfMany(difference, fight));
  });
}

const IN_A_FIGHT: ReadonlySet<string | null> = new Set([null, 'fight', 'closeFirst']);
const LEFT_BY: ReadonlySet<string | null> = new Set(['closeFirst', 'spec', 'mode']);

/** In a fight over the role anything may hide. */
function isOneOfMany({ forbidden, access }: Difference, { isOverRole }: Fought): boolean {
  return !isOverRole || !(forbidden || letsSomebodyIn(access));
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
