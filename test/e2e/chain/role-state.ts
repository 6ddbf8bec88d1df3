import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import type { Json } from '../../../shared/model.ts';

const parsed = (encoded = 'null') => z.parse(z.json(), JSON.parse(decodeURIComponent(encoded)));

/** All of a role that can be declared, as IAM shows it now: documents as JSON, lists in order. */
export async function wholeRole(iam: IAMClient, RoleName: string): Promise<Json> {
  const [{ Role }, { PolicyNames = [] }, { AttachedPolicies = [] }, { InstanceProfiles = [] }] =
    await Promise.all([
      iam.send(new GetRoleCommand({ RoleName })),
      iam.send(new ListRolePoliciesCommand({ RoleName })),
      iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
      iam.send(new ListInstanceProfilesForRoleCommand({ RoleName })),
    ]);
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return [PolicyName, parsed(PolicyDocument)] as const;
  });
  const attached = AttachedPolicies.map(
    async ({ PolicyArn = '' }) => [PolicyArn, await contentOf(iam, PolicyArn)] as const,
  );
  return {
    trustPolicy: parsed(Role?.AssumeRolePolicyDocument),
    description: Role?.Description ?? '',
    maxSessionDuration: Role?.MaxSessionDuration ?? null,
    permissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    tags: Object.fromEntries((Role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    inlinePolicies: Object.fromEntries(await Promise.all(inline)),
    managedPolicies: Object.fromEntries(await Promise.all(attached)),
    instanceProfiles: InstanceProfiles.map(({ InstanceProfileName = '' }) => InstanceProfileName).sort(),
  };
}

async function contentOf(iam: IAMClient, PolicyArn: string): Promise<Json> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return parsed(PolicyVersion?.Document);
}
