import { isProtectedRoleName } from '../spec/protected-roles.ts';
import { defineGuard } from './define.ts';

/**
 * The last line before a write: roles that belong to AWS, to the organisation or to this product are never changed,
 * whatever a spec says.
 */
export const protectedRole = defineGuard({
  name: 'protectedRole',
  hold: (_change, _plan, { observed }) => {
    const reason = isProtectedRoleName(observed.ref.roleName, observed.path ?? undefined);
    return reason === null ? null : { reason };
  },
});
