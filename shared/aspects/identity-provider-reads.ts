import { createHash } from 'node:crypto';

import { GetOpenIDConnectProviderCommand, GetSAMLProviderCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { Clients } from '../ports/clients.ts';

/** What decides who can sign in through a provider; null where that does not apply to its kind. */
export const identityProviderSchema = z.object({
  arn: z.string(),
  exists: z.boolean(),
  clientIds: z.nullable(z.array(z.string())),
  /** In lower case. */
  thumbprints: z.nullable(z.array(z.string())),
  /** SHA-256 of a SAML provider's metadata, in hexadecimal: the text itself is long, and is IAM's to keep. */
  metadataSha256: z.nullable(z.string()),
});

export type IdentityProvider = z.infer<typeof identityProviderSchema>;

export async function readIdentityProvider(clients: Clients, arn: string): Promise<IdentityProvider> {
  const unknown = { arn, exists: true, clientIds: null, thumbprints: null, metadataSha256: null };
  try {
    return { ...unknown, ...(await (isSaml(arn) ? readSaml(clients, arn) : readOidc(clients, arn))) };
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return { ...unknown, exists: false };
    throw error;
  }
}

export function isSaml(arn: string): boolean {
  return arn.includes(':saml-provider/');
}

async function readOidc({ iam }: Clients, OpenIDConnectProviderArn: string) {
  const { ClientIDList = [], ThumbprintList = [] } = await iam.send(
    new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }),
  );
  return {
    clientIds: [...ClientIDList].sort(),
    thumbprints: ThumbprintList.map((thumbprint) => thumbprint.toLowerCase()).sort(),
  };
}

async function readSaml({ iam }: Clients, SAMLProviderArn: string) {
  const { SAMLMetadataDocument = '' } = await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }));
  return { metadataSha256: createHash('sha256').update(SAMLMetadataDocument).digest('hex') };
}
