import type { Policy } from '@aws-sdk/client-iam';

import type { JsonObject } from '../model.ts';
import { acceptDocument, countedLength } from './document.ts';
import { flag, newName, newPath, optionalText, text } from './input.ts';
import { pageOf } from './pagination.ts';
import { findPolicy, newPolicyRecord, requireOwnPolicy, requirePolicy } from './policy-lookup.ts';
import { IamRefusal } from './refusal.ts';
import {
  byCodeUnit,
  read,
  withEntry,
  withoutEntry,
  write,
  type AccountState,
  type Place,
  type PolicyRecord,
} from './state.ts';
import { tagList, withoutTags, withTags } from './tags.ts';

/** Characters, white space not counted. Source: "IAM and STS quotas", IAM user guide. */
const managedLimit = 6144;

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
      .filter((policy) => policy !== null)
      .filter(({ path }) => path.startsWith(prefix));
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
