import { isInPlace } from '../change-outcome.ts';
import { aspectNamed } from '../aspects/index.ts';
import type { Change, Difference, RoleRef } from '../model.ts';
import type { IncidentResult } from '../ports/ledger.ts';

/**
 * A rollback's changes, so that what the incident itself has put where nothing was goes again. A declaration of what was
 * there leaves it: what limits may be somebody's containment, a tag somebody else's. That this is ours, our own results say.
 *
 * @param since What it would have taken to bring the role from what was there to what is there now.
 */
export function withTakenAway(
  changes: readonly Change[],
  since: readonly Change[],
  results: readonly IncidentResult[],
  role: RoleRef,
): readonly Change[] {
  const ours = since.filter((change) => change.difference.type === 'REMOVE' && isDone(change, results));
  const taken = ours.flatMap(
    ({ difference }) => aspectNamed(difference.aspect).takeAway(inReverse(difference), role) ?? [],
  );
  return [
    ...changes
      .filter((change) => !removesOneOf(taken, change))
      .map((change) => (removesOneOf(ours, change) ? leftNoMore(change) : change)),
    ...taken,
  ];
}

function removesOneOf(changes: readonly Change[], { difference: { path, type } }: Change): boolean {
  return type === 'ADD' && changes.some(({ difference }) => difference.path === path);
}

function leftNoMore(change: Change): Change {
  return { ...change, difference: { ...change.difference, leftBySpec: null } };
}

// What was put there, and whose answer was lost, or whose look crashed, was found in place.
function isDone({ aspect, action, summary }: Change, results: readonly IncidentResult[]): boolean {
  return results.some(({ changes }) =>
    changes.some(
      (done) =>
        isInPlace(done) && done.aspect === aspect && done.action === action && done.summary === summary,
    ),
  );
}

/** What is there now and was not, as drift from what was there. */
function inReverse(difference: Difference): Difference {
  const { gained, lost } = difference.access;
  return {
    ...difference,
    type: 'ADD',
    expected: null,
    actual: difference.expected,
    access: { gained: lost, lost: gained },
    leftBySpec: null,
  };
}
