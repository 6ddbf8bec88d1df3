import * as z from 'zod/mini';

import type { DeclarationFault } from './definition.ts';
import { isSaml } from './identity-provider-reads.ts';
import { PROVIDER_ARN } from './trusted-providers.ts';

const providerArn = z.string().check(z.regex(PROVIDER_ARN, 'must be the ARN of an OIDC or SAML provider'));

const provider = z.strictObject({
  arn: providerArn,
  mustExist: z.exactOptional(
    z
      .boolean()
      .check(
        z.describe(
          'Unless said, true. With false, that it is missing is no drift; that it was created or deleted is told once.',
        ),
      ),
  ),
  clientIds: z.exactOptional(z.array(z.string())),
  thumbprints: z.exactOptional(
    z.array(z.string().check(z.regex(/^[0-9A-Fa-f]{40}$/, 'must be 40 hexadecimal digits'))),
  ),
  metadataSha256: z.exactOptional(
    z
      .string()
      .check(
        z.regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the metadata, 64 hexadecimal digits in lower case'),
        z.describe('SHA-256 of the metadata as it was uploaded: sha256sum metadata.xml'),
      ),
  ),
});

export const declaredProviders = z.array(z.union([providerArn, provider]));

export type Declared = z.infer<typeof declaredProviders>;
export type Provider = z.infer<typeof provider>;

/** Of a declared provider, with or without its shorthand. */
export function asFull(declared: Declared[number]): Provider {
  return typeof declared === 'string' ? { arn: declared } : declared;
}

/** What is said of a provider and does not belong to its kind. */
export function misplaced(declared: Declared[number], index: number): readonly DeclarationFault[] {
  const { arn, mustExist: _, ...members } = asFull(declared);
  const fitting = isSaml(arn) ? ['metadataSha256'] : ['clientIds', 'thumbprints'];
  return Object.keys(members)
    .filter((name) => !fitting.includes(name))
    .map((name) => ({
      path: [index, name],
      message: `${name} says nothing about ${isSaml(arn) ? 'a SAML' : 'an OIDC'} provider`,
      remedy: `for this provider, declare ${fitting.join(' or ')}`,
    }));
}
