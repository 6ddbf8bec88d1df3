import type { Policy } from '@aws-sdk/client-iam';

import type { JsonObject } from '../model.ts';
import { awsManagedDocument, isAwsManagedPolicy } from './aws-managed-policies.ts';
import { acceptDocument, countedLength } from './document.ts';
import { flag, newName, newPath, optionalText, text } from './input.ts';
import { pageOf } from './pagination.ts';
import { failedConstraint, invalidParameter, IamRefusal } from './refusal.ts';
import {
  byCodeUnit,
  read,
  withEntry,
  withoutEntry,
  write,
  type AccountState,
  type OperationContext,
  type PolicyRecord,
} from './state.ts';
import { tagList, withoutTags, withTags } from './tags.ts';

/** Characters, white space not counted. Source: "IAM and STS quotas", IAM user guide. */
const managedLimit = 6144;
const shortestArn = 20;

type Place = Pick<OperationContext, 'accountId' | 'partition'>;

/** `AmazonSSMManagedInstanceCore` of an ARN: what follows the path. */
export const policyNameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** `/service-role/` of an ARN. */
export const policyPathOf = (arn: string): string =>
  arn.slice(arn.indexOf('policy/') + 'policy'.length, arn.lastIndexOf('/') + 1);

/** A policy with one version, whoever it belongs to. */
export function newPolicyRecord(
  arn: string,
  document: string,
  policyId: string,
  created: Date,
): PolicyRecord {
  return {
    arn,
    policyName: policyNameOf(arn),
    policyId,
    path: policyPathOf(arn),
    description: null,
    createDate: created,
    updateDate: created,
    tags: new Map(),
    versions: [{ versionId: 'v1', text: document, createDate: created }],
    defaultVersionId: 'v1',
    lastVersion: 1,
  };
}

// When AWS's own policies were made is not held here; any fixed date will do.
const longAgo = new Date(Date.UTC(2015, 1, 6, 18, 40));

/** Ids of AWS's policies follow from their names here, so that they need not be kept. */
function awsPolicyId(arn: string): string {
  const letters = Buffer.from(policyNameOf(arn)).toString('hex').toUpperCase().padEnd(17, 'A');
  return `ANPA${letters.slice(-17)}`;
}

/** Also finds the policies that AWS publishes. */
export function findPolicy(state: AccountState, arn: string, { partition }: Place): PolicyRecord | null {
  const kept = state.policies.get(arn);
  if (kept !== undefined) return kept;
  if (!isAwsManagedPolicy(arn, partition)) return null;
  const document = JSON.stringify(awsManagedDocument(arn, partition));
  return newPolicyRecord(arn, document, awsPolicyId(arn), longAgo);
}

function requireArn(arn: string): void {
  if (arn.length < shortestArn) {
    throw failedConstraint('PolicyArn', arn, `have length greater than or equal to ${shortestArn}`);
  }
  // Two blanks: IAM's own text.
  if (!/^arn:[^:]+:iam:[^:]*:[^:]+:.+/.test(arn))
    throw invalidParameter('Invalid ARN:  Could not be parsed!');
}

/** The policy that the input's `PolicyArn` names. @throws {IamRefusal} NoSuchEntity */
export function requirePolicy(state: AccountState, input: JsonObject, place: Place): PolicyRecord {
  const arn = text(input, 'PolicyArn');
  requireArn(arn);
  const policy = findPolicy(state, arn, place);
  if (policy === null) throw new IamRefusal('NoSuchEntity', `Policy ${arn} was not found.`);
  return policy;
}

/** The same, for a change: AWS's own policies are not ours to change. */
export function requireOwnPolicy(state: AccountState, input: JsonObject, place: Place): PolicyRecord {
  const policy = requirePolicy(state, input, place);
  if (!policy.arn.startsWith(`arn:${place.partition}:iam::${place.accountId}:`)) {
    throw new IamRefusal('AccessDenied', 'Policy is outside your own account.');
  }
  return policy;
}

/** A policy that may be attached to a role. @throws {IamRefusal} */
export function requireAttachable(state: AccountState, arn: string, place: Place): PolicyRecord {
  requireArn(arn);
  const policy = findPolicy(state, arn, place);
  if (policy === null) {
    throw new IamRefusal('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  }
  if (policy.path.startsWith('/aws-service-role/')) {
    throw new IamRefusal('PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer Role.');
  }
  return policy;
}

/** A policy that may be a permissions boundary. @throws {IamRefusal} */
export function requireBoundary(state: AccountState, arn: string, place: Place): void {
  requireArn(arn);
  if (findPolicy(state, arn, place) === null) {
    throw new IamRefusal('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable.`);
  }
}

/** How many roles have it attached, and how many as their boundary. */
export function usageOf(state: AccountState, arn: string): { attached: number; boundaries: number } {
  const roles = [...state.roles.values()];
  return {
    attached: roles.filter(({ attachedPolicies }) => attachedPolicies.includes(arn)).length,
    boundaries: roles.filter(({ permissionsBoundary }) => permissionsBoundary === arn).length,
  };
}

/** What listings tell of a policy: GetPolicy alone adds description and tags. */
export function listedPolicy(state: AccountState, policy: PolicyRecord): Policy {
  const { attached, boundaries } = usageOf(state, policy.arn);
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: !policy.path.startsWith('/aws-service-role/'),
    CreateDate: policy.createDate,
    UpdateDate: policy.updateDate,
  };
}

function wholePolicy(state: AccountState, policy: PolicyRecord): Policy {
  return {
    ...listedPolicy(state, policy),
    ...(policy.description === null ? {} : { Description: policy.description }),
    Tags: tagList(policy.tags),
  };
}

export function withPolicy(state: AccountState, policy: PolicyRecord): AccountState {
  return { ...state, policies: withEntry(state.policies, policy.arn, policy) };
}

/** The text of a managed policy that is being put. @throws {IamRefusal} */
export function acceptManagedDocument(input: JsonObject): string {
  const document = text(input, 'PolicyDocument');
  acceptDocument(document, 'identity');
  if (countedLength(document) > managedLimit) {
    throw new IamRefusal('LimitExceeded', `Cannot exceed quota for PolicySize: ${managedLimit}`);
  }
  return document;
}

function refuseSameName(state: AccountState, policyName: string, { accountId, partition }: Place): void {
  const own = `arn:${partition}:iam::${accountId}:`;
  const isSame = (policy: PolicyRecord) =>
    policy.arn.startsWith(own) && policy.policyName.toLowerCase() === policyName.toLowerCase();
  if ([...state.policies.values()].some(isSame)) {
    throw new IamRefusal(
      'EntityAlreadyExists',
      `A policy called ${policyName} already exists. Duplicate names are not allowed.`,
    );
  }
}

export const policyOperations = {
  CreatePolicy: write((state, input, context) => {
    const policyName = newName(input, 'PolicyName', 128);
    refuseSameName(state, policyName, context);
    const arn = `arn:${context.partition}:iam::${context.accountId}:policy${newPath(input)}${policyName}`;
    const policy: PolicyRecord = {
      ...newPolicyRecord(arn, acceptManagedDocument(input), context.newId('ANPA'), context.now),
      description: optionalText(input, 'Description'),
      tags: withTags(new Map(), input, 'Policy'),
    };
    const created = withPolicy(state, policy);
    return { state: created, output: { Policy: listedPolicy(created, policy) } };
  }),

  GetPolicy: read((state, input, context) => ({
    Policy: wholePolicy(state, requirePolicy(state, input, context)),
  })),

  DeletePolicy: write((state, input, context) => {
    const { arn, versions } = requireOwnPolicy(state, input, context);
    const { attached, boundaries } = usageOf(state, arn);
    if (attached + boundaries > 0) {
      throw new IamRefusal('DeleteConflict', 'Cannot delete a policy attached to entities.');
    }
    if (versions.length > 1) {
      throw new IamRefusal(
        'DeleteConflict',
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    return { state: { ...state, policies: withoutEntry(state.policies, arn) } };
  }),

  /** Of AWS's own policies it lists those only that are attached somewhere. */
  ListPolicies: read((state, input, context) => {
    const scope = optionalText(input, 'Scope') ?? 'All';
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const attached = [...state.roles.values()].flatMap(({ attachedPolicies }) => attachedPolicies);
    const isAws = (arn: string) => arn.startsWith(`arn:${context.partition}:iam::aws:`);
    const policies = [...new Set([...state.policies.keys(), ...attached])]
      .filter((arn) => scope === 'All' || isAws(arn) === (scope === 'AWS'))
      .filter((arn) => !flag(input, 'OnlyAttached') || attached.includes(arn))
      .sort(byCodeUnit)
      .map((arn) => findPolicy(state, arn, context))
      .filter((policy) => policy !== null && policy.path.startsWith(prefix))
      .filter((policy) => policy !== null);
    const { items, rest } = pageOf(policies, input);
    return { Policies: items.map((policy) => listedPolicy(state, policy)), ...rest };
  }),

  ListEntitiesForPolicy: read((state, input, context) => {
    const { arn } = requirePolicy(state, input, context);
    const filter = optionalText(input, 'EntityFilter') ?? 'Role';
    const usage = optionalText(input, 'PolicyUsageFilter');
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const roles = [...state.roles.values()]
      .filter(
        (role) =>
          (usage !== 'PermissionsBoundary' && role.attachedPolicies.includes(arn)) ||
          (usage !== 'PermissionsPolicy' && role.permissionsBoundary === arn),
      )
      .filter(({ path }) => filter === 'Role' && path.startsWith(prefix))
      .sort((a, b) => byCodeUnit(a.roleName, b.roleName));
    const { items, rest } = pageOf(roles, input);
    const PolicyRoles = items.map(({ roleName, roleId }) => ({ RoleName: roleName, RoleId: roleId }));
    return { PolicyGroups: [], PolicyUsers: [], PolicyRoles, ...rest };
  }),

  TagPolicy: write((state, input, context) => {
    const policy = requireOwnPolicy(state, input, context);
    return { state: withPolicy(state, { ...policy, tags: withTags(policy.tags, input, 'Policy') }) };
  }),

  UntagPolicy: write((state, input, context) => {
    const policy = requireOwnPolicy(state, input, context);
    return { state: withPolicy(state, { ...policy, tags: withoutTags(policy.tags, input) }) };
  }),
};
