import type { ObservedRole, RoleRef } from '../model.ts';

/** A role of which nothing has been read: as far as is known, there is none. */
export function unreadRole(ref: RoleRef): ObservedRole {
  return {
    ref,
    exists: false,
    arn: null,
    roleId: null,
    createdAt: null,
    path: null,
    aspects: {},
    undeclared: {},
  };
}
