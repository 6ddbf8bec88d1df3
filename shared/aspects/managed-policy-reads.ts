import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedRolePoliciesCommand,
  type ListAttachedRolePoliciesCommandOutput,
} from '@aws-sdk/client-iam';

import { awsErrorCode, MalformedPolicyError } from '../errors.ts';
import { isDenyOnly } from '../policy/document.ts';
import { parsePolicyText } from '../policy/parse.ts';
import type { Clients } from '../ports/clients.ts';
import type { ObserveContext } from './definition.ts';

/** The ARNs of all managed policies attached to the role, sorted. */
export async function listAttachedPolicies({ clients, roleName }: ObserveContext): Promise<string[]> {
  const arns: string[] = [];
  let Marker: string | undefined;
  do {
    const page: ListAttachedRolePoliciesCommandOutput = await clients.iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: roleName, Marker }),
    );
    for (const { PolicyArn } of page.AttachedPolicies ?? [])
      if (PolicyArn !== undefined) arns.push(PolicyArn);
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  return arns.sort();
}

/** Those of the policies whose default version holds nothing but Deny statements. */
export async function denyOnlyPolicies(
  { clients }: ObserveContext,
  policies: readonly string[],
): Promise<string[]> {
  const verdicts = await Promise.all(policies.map((policy) => onlyDenies(clients, policy)));
  return policies.filter((_, index) => verdicts[index] === true);
}

async function onlyDenies({ iam }: Clients, PolicyArn: string): Promise<boolean> {
  try {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return isDenyOnly(parsePolicyText(PolicyVersion?.Document ?? ''));
  } catch (error) {
    // Deleted since it was listed: nothing is left to spare.
    if (awsErrorCode(error) === 'NoSuchEntity') return false;
    // What cannot be read may allow anything, and must not keep the rest of the role from being put back.
    if (error instanceof MalformedPolicyError) return false;
    throw error;
  }
}
