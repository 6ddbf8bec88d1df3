import { GetRoleCommand } from '@aws-sdk/client-iam';

import { awsErrorCode } from '../errors.ts';
import type { Json } from '../model.ts';
import { awsPrincipals, mapAwsPrincipals } from '../policy/principals.ts';
import { isUniqueId } from '../policy/unique-id.ts';
import type { Clients } from '../ports/clients.ts';
import type { AspectContext } from './definition.ts';

/**
 * For a short while after a role was created, IAM shows its unique id in trust policies that name its ARN
 * (hashicorp/terraform-provider-aws waits for it, `waitRoleARNIsNotUniqueID`). A role that was deleted looks the same, for
 * good. Only a look at the declared role can tell: where it has that id, its ARN is meant.
 */
export async function withRoleArns(
  document: Json,
  declared: Json,
  context: AspectContext & { readonly clients: Clients },
): Promise<Json> {
  if (!awsPrincipals(document).some(isUniqueId)) return document;
  const arns = rolesOf(declared).filter((arn) =>
    arn.startsWith(`arn:${context.partition}:iam::${context.accountId}:`),
  );
  const ids = await Promise.all(arns.map((arn) => roleId(arn, context.clients)));
  const arnOf = new Map(arns.map((arn, index) => [ids[index], arn]));
  return mapAwsPrincipals(document, (value) => (isUniqueId(value) ? (arnOf.get(value) ?? value) : value));
}

/** The ARNs of roles that a trust policy names. */
export function rolesOf(document: Json): readonly string[] {
  return [...new Set(awsPrincipals(document).filter((value) => /^arn:.+:role\/./.test(value)))];
}

/** null where there is no such role: the path is part of the ARN, though not of the name. */
async function roleId(arn: string, { iam }: Clients): Promise<string | null> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf('/') + 1) }));
    return Role?.Arn === arn ? (Role.RoleId ?? null) : null;
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return null;
    throw error;
  }
}
