import { CALM_MS } from '../guards/fight.ts';
import type { AppliedChange } from '../model.ts';
import type { Revert } from '../ports/role-state.ts';

// Enough to see the fights in them: over a difference, and over the role.
const MOST_OF_A_PATH = 12;
const MOST_LOOKS = 24;
const MOST_OF_A_LOOK = 25;
const MOST = 700;

/** The latest reverts, with those that a look has made. What the same event has had put back before counts once. Pure. */
export function withReverts(
  known: readonly Revert[],
  applied: readonly AppliedChange[],
  { id, at }: Pick<Revert, 'id' | 'at'>,
): readonly Revert[] {
  const made = applied
    .filter(({ outcome }) => outcome === 'applied')
    .map(({ change }) => ({ id, at, path: change.difference.path, effect: change.effect }));
  const paths = new Set(made.map(({ path }) => path));
  return latest(
    [
      ...known.filter((revert) => revert.id !== id || !paths.has(revert.path)),
      ...made.slice(0, MOST_OF_A_LOOK),
    ],
    Date.parse(at),
  );
}

/** Those of the latest looks, and of each difference that is not calm its own: what is put back more often must not push it out. */
function latest(reverts: readonly Revert[], now: number): readonly Revert[] {
  const looks = new Set([...new Set(reverts.map(({ id }) => id))].slice(-MOST_LOOKS));
  const byPath = new Map<string, readonly Revert[]>();
  for (const revert of reverts)
    byPath.set(revert.path, [...(byPath.get(revert.path) ?? []), revert].slice(-MOST_OF_A_PATH));
  const fought = [...byPath.values()].filter((own) => isRecent(own.at(-1), now)).flat();
  const kept = new Set([...fought, ...reverts.filter(({ id }) => looks.has(id))]);
  return reverts.filter((revert) => kept.has(revert)).slice(-MOST);
}

function isRecent(revert: Revert | undefined, now: number): boolean {
  return revert !== undefined && now - Date.parse(revert.at) < CALM_MS;
}
