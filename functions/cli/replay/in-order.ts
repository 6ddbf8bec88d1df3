import { isRoleCreation } from '../../../shared/aspects/made-by.ts';
import type { IamChangeEvent } from '../../../shared/model.ts';

interface Happened {
  readonly event: IamChangeEvent;
}

/**
 * A file that runs newest first, as `aws cloudtrail lookup-events` and the console list events, turned round. Times are
 * in seconds, so that of two events in one second only the order of the file tells which was first.
 */
export function oldestFirst<T extends Happened>(all: readonly T[]): readonly T[] {
  const steps = all.slice(1).map((next, index) => timeOf(next) - timeOf(all[index] ?? next));
  const runsBack = steps.some((step) => step < 0) && steps.every((step) => step <= 0);
  return runsBack ? all.toReversed() : all;
}

/** By event time, ties as given; but nothing happens to a role before it is created in the same second. */
export function byTime<T extends Happened>(all: readonly T[]): readonly T[] {
  const sorted = all.toSorted((a, b) => timeOf(a) - timeOf(b));
  for (const [index, { event }] of sorted.entries()) {
    if (!isRoleCreation(event.eventName)) continue;
    const place = placeOfCreation(sorted, index);
    if (place < index) sorted.splice(place, 0, ...sorted.splice(index, 1));
  }
  return sorted;
}

/** The first event about the role in that second; its own place after a deletion, which may have made room for it. */
function placeOfCreation(sorted: readonly Happened[], index: number): number {
  const created = sorted[index];
  let place = index;
  for (let at = index - 1; at >= 0; at -= 1) {
    const earlier = sorted[at];
    if (created === undefined || earlier === undefined || timeOf(earlier) !== timeOf(created)) break;
    if (!isAboutSameRole(earlier, created)) continue;
    if (earlier.event.eventName === 'DeleteRole') return index;
    place = at;
  }
  return place;
}

function isAboutSameRole({ event: a }: Happened, { event: b }: Happened): boolean {
  return a.accountId === b.accountId && a.roleName?.toLowerCase() === b.roleName?.toLowerCase();
}

function timeOf({ event }: Happened): number {
  return Date.parse(event.eventTime);
}
