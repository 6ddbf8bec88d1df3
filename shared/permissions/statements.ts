import type { Aspect } from '../aspects/define.ts';
import { protectedPaths, protectedRoleNames } from '../spec/protected-roles.ts';
import type { Spec } from '../spec/spec.ts';
import { resolveVariables } from '../spec/variables.ts';
import { everyRoleWrite } from './actions.ts';
import { type BesidePermission, grantsOf } from './grants.ts';
import { overreach } from './overreach.ts';
import { anywhere, endOf, roleArn } from './role-arn.ts';
import type { Account } from './role-arn.ts';
import { joinPermissions } from './statement.ts';
import type { Condition, Permission, PolicyStatement } from './statement.ts';

export interface PermissionsOptions extends Account {
  /** Names of the roles that this installation itself runs with. */
  readonly ownRoleNames: readonly string[];
}

/**
 * The IAM statements of the function that remediates: what the spec needs and nothing else. It reads the declared
 * roles, the managed policies found on them and what else is declared (such as an instance profile), and writes what is
 * declared in `enforce`; roles of its own and those that must never be managed are denied.
 *
 * IAM compares a role's ARN with a Resource by case, although names of roles ignore case: a role that the spec spells
 * otherwise than IAM does is refused by IAM (and alarms), where a Resource that spares it that would have to hold
 * wildcards for letters, and reach further than the spec.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function remediatorStatements(
  spec: Spec,
  aspects: readonly Aspect[],
  options: PermissionsOptions,
): readonly PolicyStatement[] {
  const roles = spec.roles.map((declaration) => ({ declaration, ...grantsOf(declaration, aspects) }));
  return [
    ...joinPermissions(
      'Deny',
      'NeverTheseRoles',
      untouchable(options).map((resource) => ({ resource, actions: everyRoleWrite, condition: null })),
    ),
    ...joinPermissions(
      'Deny',
      'BeyondTheSpec',
      overreach(roles).map(({ region, action, condition }) => ({
        resource: roleArn(options, region),
        actions: [action],
        condition: resolved(condition, options),
      })),
    ),
    ...joinPermissions(
      'Allow',
      'ReadRoles',
      roles.map(({ declaration, roleReads }) => ({
        resource: roleArn(options, endOf(declaration)),
        actions: roleReads,
        condition: null,
      })),
    ),
    ...joinPermissions(
      'Allow',
      'ReadPolicies',
      managedPolicies(options).flatMap((resource) =>
        roles.flatMap(({ policyReads }) =>
          policyReads.length > 0 ? [{ resource, actions: policyReads, condition: null }] : [],
        ),
      ),
    ),
    ...joinPermissions(
      'Allow',
      'ReadBesideRoles',
      roles.flatMap(({ besideReads }) => besideReads.map((one) => onResource(one, options))),
    ),
    ...joinPermissions(
      'Allow',
      'WriteRoles',
      roles.flatMap(({ declaration, writes }) =>
        writes.map(({ action, condition }) => ({
          resource: roleArn(options, endOf(declaration)),
          actions: [action],
          condition: resolved(condition, options),
        })),
      ),
    ),
    ...joinPermissions(
      'Allow',
      'WriteBesideRoles',
      roles.flatMap(({ besideWrites }) => besideWrites.map((one) => onResource(one, options))),
    ),
  ];
}

function onResource({ action, resource, condition }: BesidePermission, account: Account): Permission {
  return {
    resource: resolvedText(resource, account),
    actions: [action],
    condition: resolved(condition, account),
  };
}

/** All managed policies: the account's own and AWS's. */
function managedPolicies({ partition, accountId }: Account): readonly string[] {
  return [`arn:${partition}:iam::${accountId}:policy/*`, `arn:${partition}:iam::aws:policy/*`];
}

function untouchable(options: PermissionsOptions): readonly string[] {
  const names = [...options.ownRoleNames, ...protectedRoleNames.map(({ pattern }) => pattern)];
  return [
    ...names.flatMap((name) => anywhere(name)),
    ...protectedPaths.map(({ prefix }) => `${prefix}*`),
  ].map((end) => roleArn(options, end));
}

function resolved(condition: Condition | null, account: Account): Condition | null {
  if (condition === null) return null;
  return mapValues(condition, (keys) =>
    mapValues(keys, (values) => values.map((value) => resolvedText(value, account)).sort()),
  );
}

function resolvedText(value: string, account: Account): string {
  const text = resolveVariables(value, account);
  return typeof text === 'string' ? text : value;
}

function mapValues<Old, New>(object: Readonly<Record<string, Old>>, map: (value: Old) => New) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
