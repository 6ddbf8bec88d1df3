import {
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  type ListEntitiesForPolicyCommandOutput,
  ListPolicyVersionsCommand,
  type ListPolicyVersionsCommandOutput,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { JsonObject } from '../model.ts';
import type { ObserveContext } from './definition.ts';
import { identityDocument, isSameIdentity } from './identity-policies.ts';
import { jsonValue } from './json-schema.ts';

const version = z.object({
  versionId: z.string(),
  isDefault: z.boolean(),
  /** Left out where it was not read: the default version says what is declared. A text where it is no document. */
  document: z.exactOptional(jsonValue),
});

/** A managed policy whose content is declared. */
export const policyContentSchema = z.object({
  arn: z.string(),
  /** Oldest first; none where there is no such policy. */
  versions: z.array(version),
  /** Who else uses it and is not declared, such as `user alice`. Read only where its content has to be changed. */
  otherUsers: z.array(z.string()),
});

export type PolicyVersion = z.infer<typeof version>;
export type PolicyContent = z.infer<typeof policyContentSchema>;

/**
 * What the policy says. Two calls where its default version says what is declared; else all that a revert has to know:
 * what the other versions say, and whom it would concern.
 */
export async function readPolicyContent(
  context: ObserveContext,
  arn: string,
  declared: JsonObject,
): Promise<PolicyContent> {
  try {
    const versions = await listVersions(context, arn);
    const inForce = await Promise.all(
      versions.map(async (one) => (one.isDefault ? withDocument(context, arn, one) : one)),
    );
    const isAsDeclared = inForce.some(
      ({ isDefault, document }) =>
        isDefault && document !== undefined && isSameIdentity(declared, document, context),
    );
    if (isAsDeclared) return { arn, versions: inForce, otherUsers: [] };
    const [all, otherUsers] = await Promise.all([
      Promise.all(inForce.map(async (one) => (one.isDefault ? one : withDocument(context, arn, one)))),
      listOtherUsers(context, arn),
    ]);
    return { arn, versions: all, otherUsers };
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return { arn, versions: [], otherUsers: [] };
    throw error;
  }
}

async function listVersions({ clients }: ObserveContext, PolicyArn: string): Promise<PolicyVersion[]> {
  const versions: PolicyVersion[] = [];
  let Marker: string | undefined;
  do {
    const page: ListPolicyVersionsCommandOutput = await clients.iam.send(
      new ListPolicyVersionsCommand({ PolicyArn, Marker }),
    );
    for (const { VersionId, IsDefaultVersion } of page.Versions ?? [])
      if (VersionId !== undefined)
        versions.push({ versionId: VersionId, isDefault: IsDefaultVersion === true });
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  return versions.sort((a, b) => numberOf(a) - numberOf(b));
}

/** Versions are called v1, v2, …, and no number is given twice. */
function numberOf({ versionId }: PolicyVersion): number {
  return Number(versionId.slice(1));
}

async function withDocument(
  { clients }: ObserveContext,
  PolicyArn: string,
  { versionId, isDefault }: PolicyVersion,
): Promise<PolicyVersion> {
  const { PolicyVersion: read } = await clients.iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: versionId }),
  );
  return { versionId, isDefault, document: identityDocument(read?.Document ?? '') };
}

async function listOtherUsers(
  { clients, roleName, isDeclared }: ObserveContext,
  PolicyArn: string,
): Promise<string[]> {
  const users: string[] = [];
  let Marker: string | undefined;
  do {
    const page: ListEntitiesForPolicyCommandOutput = await clients.iam.send(
      new ListEntitiesForPolicyCommand({ PolicyArn, Marker }),
    );
    for (const { RoleName = '' } of page.PolicyRoles ?? [])
      if (RoleName !== roleName && !isDeclared(RoleName)) users.push(`role ${RoleName}`);
    for (const { UserName = '' } of page.PolicyUsers ?? []) users.push(`user ${UserName}`);
    for (const { GroupName = '' } of page.PolicyGroups ?? []) users.push(`group ${GroupName}`);
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  // One may use it as a policy and as its boundary.
  return [...new Set(users)].sort();
}
