import type { Cause, Difference } from '../model.ts';
import { aspectNamed } from './index.ts';

type Made = Pick<Difference, 'aspect' | 'access'>;

// AcquireRole makes a role from a template: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AcquireRole.html
const ROLE_CREATIONS: ReadonlySet<string> = new Set(['CreateRole', 'AcquireRole']);

export function isRoleCreation(eventName: string): boolean {
  return ROLE_CREATIONS.has(eventName);
}

/** Whether an event of that name may have made a difference in that aspect. What a role is created with, its creation has made. */
export function mayHaveMade(eventName: string, aspect: string): boolean {
  if (isRoleCreation(eventName)) return true;
  return makersOf(aspect).includes(eventName);
}

/** The names of events that may have made a difference in that aspect of a role that was there. */
export function makersOf(aspect: string): readonly string[] {
  return aspect === 'role'
    ? ['DeleteRole']
    : aspectNamed(aspect).triggers.flatMap(({ eventNames }) => eventNames);
}

/**
 * Of several causes the one that people want to know of first: the first that may have let somebody in, else that may have
 * given access, else that may have made any of the differences. undefined where there is no cause.
 */
export function foremostCause(causes: readonly Cause[], differences: readonly Made[]): Cause | undefined {
  const makerOf = (made: readonly Made[]) =>
    causes.find(({ eventName }) => made.some(({ aspect }) => mayHaveMade(eventName, aspect)));
  const gaining = differences.filter(({ access }) => access.gained.length > 0);
  const opening = gaining.filter(({ access }) =>
    access.gained.some(({ principal }) => principal !== undefined),
  );
  return makerOf(opening) ?? makerOf(gaining) ?? makerOf(differences) ?? causes[0];
}
