import { isPattern } from '../spec/role-name-pattern.ts';
import type { RoleDeclaration } from '../spec/spec.ts';
import type { WritePermission } from './grants.ts';
import { endOf, reaches } from './role-arn.ts';
import type { Condition } from './statement.ts';

/** A declared role with the writes that its declaration grants. */
export interface WritableRole {
  readonly declaration: RoleDeclaration;
  readonly writes: readonly WritePermission[];
}

/** Writes to be denied although a wildcard grants them. */
export interface Overreach {
  readonly region: string;
  readonly action: string;
  readonly condition: Condition | null;
}

/**
 * What the wildcards of role ARNs grant beyond the declarations: roles at deeper paths, since `*` in an ARN also stands
 * for slashes, and roles that another declaration governs, which asks for less. Such a Deny is left out where it
 * would take from a declared role what that role needs.
 */
export function overreach(roles: readonly WritableRole[]): readonly Overreach[] {
  // An exact name wins over a pattern; among patterns the first of the file wins.
  const byPrecedence = [
    ...roles.filter(({ declaration }) => !isPattern(declaration.name)),
    ...roles.filter(({ declaration }) => isPattern(declaration.name)),
  ];
  return byPrecedence.flatMap((role, rank) =>
    isPattern(role.declaration.name) && role.writes.length > 0
      ? [
          ...deeperPaths(role, roles),
          ...byPrecedence
            .slice(0, rank)
            .flatMap((winner) => governedElsewhere(role, winner, sharing(winner, byPrecedence))),
        ]
      : [],
  );
}

/** The declarations that may govern a role within the winner's ARN. An ARN without wildcards is one role's only. */
function sharing(winner: WritableRole, byPrecedence: readonly WritableRole[]): readonly WritableRole[] {
  if (!isPattern(winner.declaration.name)) return [];
  const rank = byPrecedence.indexOf(winner);
  return byPrecedence.filter(
    ({ declaration }, other) => other < rank || declaration.path !== winner.declaration.path,
  );
}

function deeperPaths(role: WritableRole, roles: readonly WritableRole[]): readonly Overreach[] {
  return withSlash(endOf(role.declaration)).flatMap((region) =>
    roles.some(({ declaration, writes }) => writes.length > 0 && reaches(region, endOf(declaration)))
      ? []
      : role.writes.map(({ action }) => ({ region, action, condition: null })),
  );
}

/** What the wildcards reach with a slash in one of them: of `a*b` that is the slash between `a*` and `*b`. */
function withSlash(end: string): readonly string[] {
  return [...end.matchAll(/[*?]/g)].map(({ 0: wildcard, index }) => {
    const slash = wildcard === '*' ? '*/*' : '/';
    return `${end.slice(0, index)}${slash}${end.slice(index + 1)}`;
  });
}

function governedElsewhere(
  role: WritableRole,
  winner: WritableRole,
  others: readonly WritableRole[],
): readonly Overreach[] {
  const region = endOf(winner.declaration);
  if (!reaches(endOf(role.declaration), region)) return [];
  return role.writes.flatMap((write): readonly Overreach[] => {
    const { action } = write;
    const isNeeded = others.some(
      ({ declaration, writes }) =>
        writes.some((other) => other.action === action) && reaches(region, endOf(declaration)),
    );
    if (isNeeded) return [];
    const allowed = winner.writes.filter((other) => other.action === action);
    if (allowed.length === 0) return [{ region, action, condition: null }];
    if (allowed.some(({ condition }) => condition === null || isEqual(condition, write.condition))) return [];
    return [{ region, action, condition: outside(allowed) }];
  });
}

function isEqual(a: Condition, b: Condition | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The condition that holds wherever none of the permissions' conditions does. */
function outside(permissions: readonly WritePermission[]): Condition {
  const terms = permissions.flatMap(({ condition }) =>
    Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    ),
  );
  const [first] = terms;
  const isAlike = terms.every(({ operator, key }) => operator === first?.operator && key === first.key);
  if (
    first === undefined ||
    !isAlike ||
    terms.length !== permissions.length ||
    first.operator !== 'ArnEquals'
  )
    throw new Error('only write grants whose condition is one ArnEquals on one key can be narrowed');
  return {
    ArnNotEquals: { [first.key]: [...new Set(terms.flatMap(({ values }) => values))].sort() },
  };
}
