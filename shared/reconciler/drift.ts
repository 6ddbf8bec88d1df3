import { aspectNamed } from '../aspects/index.ts';
import type { DesiredRole, Difference, Drift, Json, ObservedRole } from '../model.ts';
import { operatorCommand } from '../operator-command.ts';
import { isProtectedRoleName } from '../spec/protected-roles.ts';

/**
 * Compares by meaning, aspect by aspect. Pure. An aspect that the spec does not mention is not compared.
 *
 * @param lastSeen By aspect, what was there before: what is not declared, and has changed since, is told, too.
 */
export function detectDrift(
  desired: DesiredRole,
  observed: ObservedRole,
  lastSeen: Readonly<Record<string, Json>> = {},
): Drift {
  if (!observed.exists) return { status: 'DELETED', differences: [deleted(desired)] };
  if (isProtectedRoleName(observed.ref.roleName, observed.path ?? undefined) !== null)
    return { status: 'NOT_CHECKED', differences: [] };
  const differences = [
    ...ofPath(desired, observed),
    ...Object.keys(desired.aspects).flatMap((name) => differencesOf(name, desired, observed, lastSeen[name])),
  ];
  return { status: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED', differences };
}

function differencesOf(
  name: string,
  desired: DesiredRole,
  observed: ObservedRole,
  before: Json | undefined,
): readonly Difference[] {
  const declaration = desired.aspects[name];
  const actual = observed.aspects[name];
  if (declaration === undefined || actual === undefined)
    throw new TypeError(`the aspect ${name} is declared but was not read`);
  const aspect = aspectNamed(name);
  const { declared, mode } = declaration;
  return [
    ...aspect.diff(declared, actual, observed.ref),
    ...(before === undefined ? [] : aspect.changed(declared, before, actual)),
  ].map((draft) => ({
    leftBySpec: null,
    forbidden: false,
    advice: null,
    severity: null,
    ...draft,
    aspect: name,
    mode,
  }));
}

/**
 * The path is no aspect: it is part of what a role is called, is read with the role itself, and no call changes it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
 */
function ofPath(desired: DesiredRole, { path }: ObservedRole): readonly Difference[] {
  if (path === null || path === desired.path) return [];
  return [
    {
      aspect: 'role',
      path: 'path',
      type: 'NOT_EQUAL',
      mode: desired.mode,
      expected: desired.path,
      actual: path,
      access: { gained: [], lost: [] },
      leftBySpec: 'the path of a role cannot be changed: it would have to be created again',
      forbidden: false,
      advice: `declare the path ${path}, or create the role again under ${desired.path} with the tool that owns it`,
      severity: null,
    },
  ];
}

function adviceOnDeleted({ ref, recreation, mode }: DesiredRole): string {
  const { roleName } = ref;
  if (recreation !== null && mode === 'enforce')
    return `the new ${roleName} has another unique id: save policies elsewhere that name it once more, and have the tool that owns it import it`;
  return `create ${roleName} again with the tool that owns it, then say that it is yours, as it has another unique id: ${operatorCommand('approve', { roleName })}`;
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
    leftBySpec:
      desired.recreation === null
        ? 'a deleted role is not recreated: its unique id, and all trust in it, is gone'
        : null,
    forbidden: false,
    advice: adviceOnDeleted(desired),
    severity: null,
  };
}
