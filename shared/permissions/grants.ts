import type { Aspect } from '../aspects/define.ts';
import type { ReadGrant, WriteGrant } from '../aspects/definition.ts';
import { InvalidSpecError } from '../errors.ts';
import type { Json } from '../model.ts';
import type { RoleDeclaration } from '../spec/spec.ts';
import { beside, policyReads, roleReads, roleWrites } from './actions.ts';
import type { Condition } from './statement.ts';

/** A call that a role's declaration needs for putting the role back. */
export interface WritePermission {
  readonly action: string;
  readonly condition: Condition | null;
}

/** A call on something that is neither the role nor a managed policy. Its resource may hold `${AWS::…}` variables. */
export interface BesidePermission {
  readonly action: string;
  readonly resource: string;
  readonly condition: Condition | null;
}

export interface RoleGrants {
  readonly roleReads: readonly string[];
  readonly policyReads: readonly string[];
  readonly writes: readonly WritePermission[];
  readonly besideReads: readonly BesidePermission[];
  readonly besideWrites: readonly BesidePermission[];
}

/**
 * What one declared role asks of IAM: reads for all that it declares, writes for what it enforces.
 * @throws {InvalidSpecError} if the ARN of a policy holds a wildcard.
 * @throws {Error} if an aspect asks for what the function must not have; that is a fault of the aspect, not of a spec.
 */
export function grantsOf(declaration: RoleDeclaration, aspects: readonly Aspect[]): RoleGrants {
  const declared = Object.entries(declaration.aspects).map(([name, { mode, declared: value }]) => {
    const aspect = aspects.find((one) => one.name === name);
    if (aspect === undefined)
      throw new Error(`role "${declaration.name}" declares "${name}", which is no known aspect`);
    return { aspect, mode, value };
  });
  // Whether the role exists is asked for every role, whatever it declares.
  const reads = new Set(['iam:GetRole', ...declared.flatMap(({ aspect }) => aspect.actions.observe)]);
  const besideReads = declared.flatMap(({ aspect, value }) => aspect.readGrants(value));
  for (const action of reads)
    if (!roleReads.has(action) && !policyReads.has(action) && !beside.reads.has(action))
      throw new Error(`the function cannot be granted ${action}: no read of a role or a managed policy`);
  const writes = declared
    .filter(({ mode }) => mode === 'enforce')
    .flatMap(({ aspect, value }) => aspect.grants(value));
  return {
    roleReads: [...reads].filter((action) => roleReads.has(action)),
    policyReads: [...reads].filter((action) => policyReads.has(action)),
    writes: [...creationOf(declaration, declared), ...writes].flatMap(
      ({ actions, resources, condition = null }) =>
        resources === undefined ? actions.map((action) => checked({ action, condition })) : [],
    ),
    besideReads: besideReads.flatMap((grant) => besideGrants(grant, beside.reads)),
    besideWrites: writes.flatMap(({ resources, ...grant }) =>
      resources === undefined ? [] : besideGrants({ ...grant, resources }, beside.writes),
    ),
  };
}

/** CreateRole, where the spec says so: with the declared boundary and no other. */
function creationOf(
  { mode, recreation }: RoleDeclaration,
  declared: readonly { readonly aspect: Aspect; readonly value: Json }[],
): readonly WriteGrant[] {
  if (recreation === undefined || mode !== 'enforce') return [];
  const boundary = declared.flatMap(
    ({ aspect, value }) => aspect.atCreation(value).PermissionsBoundary ?? [],
  );
  return [
    {
      actions: ['iam:CreateRole'],
      ...(boundary.length > 0 && { condition: { ArnEquals: { 'iam:PermissionsBoundary': boundary } } }),
    },
  ];
}

function besideGrants(
  { actions, resources, condition }: ReadGrant & Pick<WriteGrant, 'condition'>,
  allowed: ReadonlyMap<string, RegExp>,
): readonly BesidePermission[] {
  return actions.flatMap((action) =>
    resources.map((resource) => {
      if (allowed.get(action)?.test(resource) !== true)
        throw new Error(`the function cannot be granted ${action} on ${resource}`);
      return { action, resource, condition: condition ?? null };
    }),
  );
}

function checked(permission: WritePermission): WritePermission {
  const { action, condition } = permission;
  const limit = roleWrites.get(action);
  if (limit === undefined)
    throw new Error(`the function cannot be granted ${action}: no call that puts a role back`);
  const keys = Object.values(condition ?? {}).flatMap((values) => Object.keys(values));
  if (limit !== null && !keys.includes(limit))
    throw new Error(`the function cannot be granted ${action} without a condition on ${limit}`);
  // ArnEquals reads * and ? as wildcards, as ArnLike does.
  for (const value of Object.values(condition ?? {}).flatMap((values) => Object.values(values).flat()))
    if (/[*?]/.test(value))
      throw new InvalidSpecError(
        `"${value}" holds a wildcard: ${action} would be granted on more than the spec means; write it out`,
      );
  return permission;
}
