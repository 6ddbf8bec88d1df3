import type { AppliedChange } from '../model.ts';
import type { Revert } from '../ports/role-state.ts';

// Enough to see the fights in them: over a difference, and over the role.
const MOST_LOOKS = 24;
const MOST_OF_A_LOOK = 25;

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
  return ofLatestLooks([
    ...known.filter((revert) => revert.id !== id || !paths.has(revert.path)),
    ...made.slice(0, MOST_OF_A_LOOK),
  ]);
}

function ofLatestLooks(reverts: readonly Revert[]): readonly Revert[] {
  const looks = new Set([...new Set(reverts.map(({ id }) => id))].slice(-MOST_LOOKS));
  return reverts.filter(({ id }) => looks.has(id));
}
