import * as z from 'zod/mini';

import type { Json } from '../model.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { newProfile, withProfile } from './instance-profiles.ts';
import { withPolicy } from './policies.ts';
import { newPolicyRecord } from './policy-lookup.ts';
import { addPrincipal } from './principals.ts';
import { seedRole } from './seeds.ts';
import type { AccountState, OperationContext, PolicyRecord } from './state.ts';
import { withUser } from './users.ts';

/** The AWS CLI decodes documents, the API does not. */
const document = z.pipe(
  z.union([z.string(), z.json()]),
  z.transform((value): Json => (typeof value === 'string' ? parsePolicyText(value) : value)),
);
const date = z.pipe(
  z.string(),
  z.transform((text) => new Date(text)),
);

const instanceProfile = z.object({
  InstanceProfileName: z.string(),
  Path: z.optional(z.string()),
  InstanceProfileId: z.optional(z.string()),
  CreateDate: z.optional(date),
});

const roleDetail = z.object({
  RoleName: z.string(),
  Path: z.optional(z.string()),
  Arn: z.string(),
  RoleId: z.optional(z.string()),
  CreateDate: z.optional(date),
  AssumeRolePolicyDocument: document,
  RolePolicyList: z.optional(z.array(z.object({ PolicyName: z.string(), PolicyDocument: document }))),
  AttachedManagedPolicies: z.optional(z.array(z.object({ PolicyArn: z.string() }))),
  InstanceProfileList: z.optional(z.array(instanceProfile)),
  PermissionsBoundary: z.optional(z.object({ PermissionsBoundaryArn: z.string() })),
  Tags: z.optional(z.array(z.object({ Key: z.string(), Value: z.string() }))),
});

const userDetail = z.object({
  UserName: z.string(),
  Path: z.optional(z.string()),
  Arn: z.string(),
  UserId: z.string(),
  CreateDate: z.optional(date),
});

const policyDetail = z.object({
  Arn: z.string(),
  PolicyId: z.optional(z.string()),
  DefaultVersionId: z.string(),
  CreateDate: z.optional(date),
  PolicyVersionList: z.array(
    z.object({ VersionId: z.string(), Document: document, CreateDate: z.optional(date) }),
  ),
});

const details = z.object({
  UserDetailList: z.optional(z.array(userDetail)),
  RoleDetailList: z.optional(z.array(roleDetail)),
  Policies: z.optional(z.array(policyDetail)),
});

type RoleDetail = z.infer<typeof roleDetail>;
type UserDetail = z.infer<typeof userDetail>;
type PolicyDetail = z.infer<typeof policyDetail>;

function parseDetails(json: unknown, { partition, accountId }: OperationContext): z.infer<typeof details> {
  const parsed = z.safeParse(details, json);
  if (!parsed.success) {
    throw new Error(
      `not the output of "aws iam get-account-authorization-details": ${z.prettifyError(parsed.error)}`,
    );
  }
  const own = `arn:${partition}:iam::${accountId}:`;
  const { RoleDetailList = [], UserDetailList = [] } = parsed.data;
  const foreign = [...RoleDetailList, ...UserDetailList].find(({ Arn }) => !Arn.startsWith(own));
  if (foreign !== undefined) {
    throw new Error(`the authorization details are of another account: ${foreign.Arn} is not in ${own}`);
  }
  return parsed.data;
}

function loadPolicy(state: AccountState, detail: PolicyDetail, context: OperationContext): AccountState {
  const id = detail.PolicyId ?? context.newId('ANPA');
  const created = detail.CreateDate ?? context.now;
  // The API lists the newest version first.
  const versions = detail.PolicyVersionList.map(({ VersionId, Document, CreateDate }) => ({
    versionId: VersionId,
    text: JSON.stringify(Document),
    createDate: CreateDate ?? created,
  })).toReversed();
  const policy: PolicyRecord = {
    ...newPolicyRecord(detail.Arn, '{}', id, created),
    versions,
    defaultVersionId: detail.DefaultVersionId,
    lastVersion: versions.reduce((last, { versionId }) => Math.max(last, Number(versionId.slice(1)) || 1), 1),
  };
  return withPolicy(state, policy);
}

function loadUser(state: AccountState, detail: UserDetail, context: OperationContext): AccountState {
  return withUser(state, {
    userName: detail.UserName,
    path: detail.Path ?? '/',
    arn: detail.Arn,
    userId: detail.UserId,
    createDate: detail.CreateDate ?? context.now,
  });
}

function loadRole(state: AccountState, detail: RoleDetail, context: OperationContext): AccountState {
  const withRole = seedRole(
    state,
    {
      roleName: detail.RoleName,
      path: detail.Path ?? '/',
      createDate: detail.CreateDate ?? context.now,
      trustPolicy: detail.AssumeRolePolicyDocument,
      managedPolicies: (detail.AttachedManagedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
      inlinePolicies: Object.fromEntries(
        (detail.RolePolicyList ?? []).map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]),
      ),
      permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
      tags: Object.fromEntries((detail.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    },
    context,
  );
  return (detail.InstanceProfileList ?? []).reduce((loaded, profile) => {
    const blank = newProfile(profile.Path ?? '/', profile.InstanceProfileName, context);
    return withProfile(loaded, {
      ...blank,
      instanceProfileId: profile.InstanceProfileId ?? blank.instanceProfileId,
      createDate: profile.CreateDate ?? blank.createDate,
      roleName: detail.RoleName,
    });
  }, withRole);
}

/**
 * The account with all that `aws iam get-account-authorization-details` tells of its roles, users and policies;
 * groups are of no account here. It tells neither descriptions nor session durations.
 */
export function loadDetails(state: AccountState, json: unknown, context: OperationContext): AccountState {
  const { Policies = [], UserDetailList = [], RoleDetailList = [] } = parseDetails(json, context);
  const withPolicies = Policies.reduce((loaded, policy) => loadPolicy(loaded, policy, context), state);
  const withUsers = UserDetailList.reduce((loaded, user) => loadUser(loaded, user, context), withPolicies);
  // Roles trust one another: all their ids must be known before the first trust policy is read.
  const withIds = RoleDetailList.reduce(
    (loaded, { Arn, RoleId }) => addPrincipal(loaded, Arn, RoleId ?? context.newId('AROA')),
    withUsers,
  );
  return RoleDetailList.reduce((loaded, role) => loadRole(loaded, role, context), withIds);
}
