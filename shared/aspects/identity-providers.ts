import * as z from 'zod/mini';

import type { IamChangeEvent } from '../model.ts';
import { defineAspect } from './define.ts';
import type { ChangeDraft } from './definition.ts';
import { changedSince, differing, missing, nameOf } from './identity-provider-differences.ts';
import {
  type IdentityProvider,
  identityProviderSchema,
  isSaml,
  readIdentityProvider,
} from './identity-provider-reads.ts';
import { asFull, type Declared, declaredProviders, misplaced } from './identity-provider-schema.ts';
import { trustPolicy } from './trust-policy.ts';
import { trustedProviders } from './trusted-providers.ts';

/**
 * The identity providers that the role trusts: who controls one of them can enter, whatever the trust policy says. What is
 * declared of a provider is compared with that, the rest with what was last seen; those that the trust policy names are
 * seen to unasked. Nothing of a provider is ever written.
 */
export const identityProviders = defineAspect<Declared, IdentityProvider[]>({
  name: 'identityProviders',
  docs: {
    watched:
      'the SAML and OIDC providers that are declared, and unasked those that the declared trust policy names: client ids, thumbprints and metadata as declared, or else as last seen; that they exist, or if not declared, that they come and go',
    neverReverted: 'anything: a provider serves many roles, so it is only told',
  },
  schema: declaredProviders,
  observed: z.array(identityProviderSchema),
  triggers: [
    {
      eventSource: 'iam.amazonaws.com',
      eventNames: [
        'AddClientIDToOpenIDConnectProvider',
        'CreateOpenIDConnectProvider',
        'CreateSAMLProvider',
        'DeleteOpenIDConnectProvider',
        'DeleteSAMLProvider',
        'RemoveClientIDFromOpenIDConnectProvider',
        'UpdateOpenIDConnectProviderThumbprint',
        'UpdateSAMLProvider',
      ],
      concerns: (event, declared) => {
        const end = providerIn(event);
        return end !== null && declared.map(asFull).some(({ arn }) => arn.endsWith(end));
      },
    },
  ],
  actions: { observe: ['iam:GetOpenIDConnectProvider', 'iam:GetSAMLProvider'], revert: [] },
  readGrants: (declared) => {
    const arns = declared.map((one) => asFull(one).arn);
    return [
      { actions: ['iam:GetOpenIDConnectProvider'], resources: arns.filter((arn) => !isSaml(arn)) },
      { actions: ['iam:GetSAMLProvider'], resources: arns.filter(isSaml) },
    ].filter(({ resources }) => resources.length > 0);
  },
  grants: () => [],
  faults: (declared) => declared.flatMap(misplaced),
  implied: (others) => {
    const arns = trustedProviders(others[trustPolicy.name] ?? null);
    return arns.length === 0 ? null : arns.map((arn) => ({ arn, mustExist: false }));
  },
  whenCreated: () => null,
  observe: ({ clients, accountId }, declared) =>
    Promise.all(
      declared
        .map(asFull)
        // A provider serves its own account alone: another's cannot be read, and lets nobody in.
        .filter(({ arn, mustExist }) => mustExist !== false || arn.split(':')[4] === accountId)
        .map(({ arn }) => readIdentityProvider(clients, arn)),
    ),
  diff: (declared, observed) =>
    declared.map(asFull).flatMap((expected) => {
      const actual = observed.find(({ arn }) => arn === expected.arn);
      if (actual === undefined) return [];
      if (actual.exists) return differing(expected, actual);
      return expected.mustExist === false ? [] : [missing(expected)];
    }),
  changed: (declared, before, observed) =>
    declared.map(asFull).flatMap((expected) => {
      const was = before.find(({ arn }) => arn === expected.arn);
      const actual = observed.find(({ arn }) => arn === expected.arn);
      if (was === undefined || actual === undefined) return [];
      return changedSince(expected, was, actual);
    }),
  declare: (observed) =>
    observed.every(({ exists }) => exists)
      ? observed.map(({ arn, clientIds, thumbprints, metadataSha256 }) => ({
          arn,
          ...(clientIds !== null && { clientIds }),
          ...(thumbprints !== null && { thumbprints }),
          ...(metadataSha256 !== null && { metadataSha256 }),
        }))
      : null,
  revert: ({ access, path }) => leave(path, access.gained.length > 0),
});

/** The end of the ARN of the provider that the event is about. Those that create one give its URL or its name. */
function providerIn({ eventName, requestParameters }: IamChangeEvent): string | null {
  // CloudTrail writes sAMLProviderArn and openIDConnectProviderArn.
  const byName = new Map(
    Object.entries(requestParameters).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const text = (name: string) => {
    const value = byName.get(name);
    return typeof value === 'string' ? value : null;
  };
  const url = text('url');
  const name = text('name');
  if (eventName === 'CreateOpenIDConnectProvider')
    return url === null ? null : `:oidc-provider/${url.replace(/^https:\/\//, '')}`;
  if (eventName === 'CreateSAMLProvider') return name === null ? null : `:saml-provider/${name}`;
  return text('openidconnectproviderarn') ?? text('samlproviderarn');
}

/** Named for people; there is no such call here. */
function leave(path: string, hasGained: boolean): ChangeDraft {
  const arn = /\[(.+)\]/.exec(path)?.[1] ?? '';
  return {
    action: isSaml(arn) ? 'iam:UpdateSAMLProvider' : 'iam:UpdateOpenIDConnectProvider',
    summary: `put the identity provider ${nameOf(arn)} back`,
    effect: hasGained ? 'closes' : 'restores',
    call: null,
  };
}
