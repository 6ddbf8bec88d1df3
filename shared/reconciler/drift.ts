import { aspectNamed } from '../aspects/index.ts';
import type { DesiredRole, Difference, Drift, ObservedRole } from '../model.ts';
import { isProtectedRoleName } from '../spec/protected-roles.ts';

/** Compares by meaning, aspect by aspect. Pure. An aspect that the spec does not mention is not compared. */
export function detectDrift(desired: DesiredRole, observed: ObservedRole): Drift {
  if (!observed.exists) return { status: 'DELETED', differences: [deleted(desired)] };
  if (isProtectedRoleName(observed.ref.roleName, observed.path ?? undefined) !== null)
    return { status: 'NOT_CHECKED', differences: [] };
  const differences = Object.keys(desired.aspects).flatMap((name) => differencesOf(name, desired, observed));
  return { status: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED', differences };
}

function differencesOf(name: string, desired: DesiredRole, observed: ObservedRole): readonly Difference[] {
  const declaration = desired.aspects[name];
  const actual = observed.aspects[name];
  if (declaration === undefined || actual === undefined)
    throw new TypeError(`the aspect ${name} is declared but was not read`);
  return aspectNamed(name)
    .diff(declaration.declared, actual, observed.ref)
    .map((draft) => ({ leftBySpec: null, advice: null, ...draft, aspect: name, mode: declaration.mode }));
}

function deleted(desired: DesiredRole): Difference {
  const { roleName } = desired.ref;
  const text = `nothing can assume ${roleName} any more: the role does not exist`;
  return {
    aspect: 'role',
    path: 'role',
    type: 'REMOVE',
    mode: desired.mode,
    expected: roleName,
    actual: null,
    access: { gained: [], lost: [{ resource: roleName, actions: ['sts:AssumeRole'], conditions: {}, text }] },
    leftBySpec: 'a deleted role is not recreated: its unique id, and all trust in it, is gone',
    advice: `create ${roleName} again with the tool that owns it; this product then brings it to its spec`,
  };
}
