import {
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListInstanceProfilesForRole,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

import { awsErrorCode, MalformedPolicyError } from '../../../shared/errors.ts';
import type { Access, Json, JsonObject } from '../../../shared/model.ts';
import { comparePolicies } from '../../../shared/policy/equal.ts';
import { explainAccess } from '../../../shared/policy/explain.ts';
import { parsePolicyText } from '../../../shared/policy/parse.ts';
import { withRemedy } from '../aws-remedy.ts';
import { UsageError } from '../usage-error.ts';

/** The name that IAM's console gives it: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html */
export const REVOCATION_POLICY = 'AWSRevokeOlderSessions';

export interface Revocation {
  readonly roleArn: string;
  readonly policyName: typeof REVOCATION_POLICY;
  readonly policyDocument: JsonObject;
  /** Sessions issued before it are refused; ISO 8601. */
  readonly before: string;
  /** What is there already refuses them all: there is nothing to do. */
  readonly alreadyInPlace: boolean;
  /** Who may open a new session at once, as the trust policy says now. */
  readonly mayAssume: readonly Access[];
  /** Their instances lose access until they are given new credentials. */
  readonly instanceProfiles: readonly string[];
  /** When and where a session of it was last used, as far as IAM knows; null if never in 400 days. */
  readonly lastUsed: { readonly time: string; readonly region: string | null } | null;
}

/**
 * What ending the sessions would do. Reads only.
 * @throws {UsageError} if the role holds another policy of that name, which must not be overwritten.
 */
export async function planRevocation(iam: IAMClient, RoleName: string, before: Date): Promise<Revocation> {
  const [{ Role: role }, existing, instanceProfiles] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    existingPolicy(iam, RoleName),
    instanceProfilesOf(iam, RoleName),
  ]).catch((error: unknown) => {
    throw withRemedy(error);
  });
  const inForce = existing === null ? null : revokedBefore(existing, RoleName);
  const used = role?.RoleLastUsed;
  return {
    roleArn: role?.Arn ?? RoleName,
    policyName: REVOCATION_POLICY,
    policyDocument: denyBefore(before),
    before: before.toISOString(),
    alreadyInPlace: inForce !== null && inForce >= before,
    mayAssume: trusted(role?.AssumeRolePolicyDocument),
    instanceProfiles,
    lastUsed:
      used?.LastUsedDate === undefined
        ? null
        : { time: used.LastUsedDate.toISOString(), region: used.Region ?? null },
  };
}

/** Puts the policy. True if a second read shows it; IAM's reads may lag by seconds. */
export async function applyRevocation(
  iam: IAMClient,
  RoleName: string,
  { policyDocument }: Revocation,
): Promise<boolean> {
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: REVOCATION_POLICY,
      PolicyDocument: JSON.stringify(policyDocument),
    }),
  );
  const there = await existingPolicy(iam, RoleName);
  return there !== null && comparePolicies(policyDocument, there, { kind: 'identity' }).equivalent;
}

function denyBefore(before: Date): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': before.toISOString() } },
      },
    ],
  };
}

async function existingPolicy(iam: IAMClient, RoleName: string): Promise<Json | null> {
  try {
    const { PolicyDocument = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName, PolicyName: REVOCATION_POLICY }),
    );
    return parsePolicyText(decodeURIComponent(PolicyDocument));
  } catch (error) {
    // Also where there is no such role: GetRole says so in better words.
    if (awsErrorCode(error) === 'NoSuchEntity') return null;
    if (error instanceof MalformedPolicyError) throw notOurs(RoleName);
    throw error;
  }
}

/** Only a document that means the same as ours may be replaced: whatever else it denies would be lost. */
function revokedBefore(document: Json, roleName: string): Date {
  const time = /"aws:TokenIssueTime":\[?"([^"]+)"/i.exec(JSON.stringify(document))?.[1] ?? '';
  const before = new Date(time);
  if (
    Number.isNaN(before.getTime()) ||
    !comparePolicies(withTime(document, time), denyBefore(before), { kind: 'identity' }).equivalent
  )
    throw notOurs(roleName);
  return before;
}

/** One moment can be written in several ways: as we write it. */
function withTime(document: Json, time: string): string {
  return JSON.stringify(document).replaceAll(JSON.stringify(time), JSON.stringify(new Date(time)));
}

function notOurs(roleName: string): UsageError {
  return new UsageError(
    `${roleName} holds an inline policy ${REVOCATION_POLICY} that says something else: look at it, and delete or rename it first`,
  );
}

function trusted(trustPolicy: string | undefined): readonly Access[] {
  if (trustPolicy === undefined) return [];
  return explainAccess(null, parsePolicyText(decodeURIComponent(trustPolicy)), { kind: 'trust' }).gained;
}

async function instanceProfilesOf(iam: IAMClient, RoleName: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateListInstanceProfilesForRole({ client: iam }, { RoleName }))
    names.push(
      ...(page.InstanceProfiles ?? []).flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []),
    );
  return names;
}
