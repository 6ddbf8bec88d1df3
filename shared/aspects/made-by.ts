import { aspectNamed, isKnownAspect } from './index.ts';

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

/**
 * The names of events that may have made a difference in that aspect of a role that was there; none where only a newer version
 * knows the aspect.
 */
export function makersOf(aspect: string): readonly string[] {
  if (aspect === 'role') return ['DeleteRole'];
  return isKnownAspect(aspect) ? aspectNamed(aspect).triggers.flatMap(({ eventNames }) => eventNames) : [];
}
