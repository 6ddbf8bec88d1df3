import { aspectNamed } from './index.ts';

// AcquireRole makes a role from a template: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AcquireRole.html
const ROLE_CREATIONS: ReadonlySet<string> = new Set(['CreateRole', 'AcquireRole']);

export function isRoleCreation(eventName: string): boolean {
  return ROLE_CREATIONS.has(eventName);
}

/** Whether an event of that name may have made a difference in that aspect. What a role is created with, its creation has made. */
export function mayHaveMade(eventName: string, aspect: string): boolean {
  if (isRoleCreation(eventName)) return true;
  if (aspect === 'role') return eventName === 'DeleteRole';
  return aspectNamed(aspect).triggers.some(({ eventNames }) => eventNames.includes(eventName));
}
