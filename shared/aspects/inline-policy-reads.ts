import {
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  type ListRolePoliciesCommandOutput,
} from '@aws-sdk/client-iam';

import { awsErrorCode } from '../errors.ts';
import type { Json } from '../model.ts';
import type { ObserveContext } from './definition.ts';
import { identityDocument } from './identity-policies.ts';

export interface InlinePolicy {
  readonly name: string;
  /** A text where it is no document. */
  readonly document: Json;
}

/** The names of all inline policies of the role, sorted. */
export async function listInlinePolicies({ clients, roleName }: ObserveContext): Promise<string[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page: ListRolePoliciesCommandOutput = await clients.iam.send(
      new ListRolePoliciesCommand({ RoleName: roleName, Marker }),
    );
    names.push(...(page.PolicyNames ?? []));
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  return names.sort();
}

/** The documents, read all at once. */
export async function readInlinePolicies(
  context: ObserveContext,
  names: readonly string[],
): Promise<InlinePolicy[]> {
  const read = await Promise.all(names.map((name) => readInlinePolicy(context, name)));
  return read.filter((policy) => policy !== null);
}

async function readInlinePolicy(
  { clients, roleName }: ObserveContext,
  name: string,
): Promise<InlinePolicy | null> {
  try {
    const { PolicyDocument = '' } = await clients.iam.send(
      new GetRolePolicyCommand({ RoleName: roleName, PolicyName: name }),
    );
    return { name, document: identityDocument(PolicyDocument) };
  } catch (error) {
    // Deleted since it was listed.
    if (awsErrorCode(error) === 'NoSuchEntity') return null;
    throw error;
  }
}
