import * as z from 'zod/mini';

import type { Access, IamChangeEvent } from '../model.ts';
import { type ChangeDraft, type DeclarationFault, defineAspect, type DifferenceDraft } from './define.ts';
import {
  type IdentityProvider,
  identityProviderSchema,
  isSaml,
  readIdentityProvider,
} from './identity-provider-reads.ts';
import { trustPolicy } from './trust-policy.ts';
import { PROVIDER_ARN, trustedProviders } from './trusted-providers.ts';

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

const schema = z.array(z.union([providerArn, provider]));

type Declared = z.infer<typeof schema>;
type Provider = z.infer<typeof provider>;

const LEFT = 'an identity provider serves whoever trusts it: its changes are told, never undone';

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
  schema,
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

function asFull(declared: Declared[number]): Provider {
  return typeof declared === 'string' ? { arn: declared } : declared;
}

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

function misplaced(declared: Declared[number], index: number): readonly DeclarationFault[] {
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

function missing({ arn }: Provider): DifferenceDraft {
  const text = `nobody can assume this role through ${nameOf(arn)} any more: the identity provider does not exist`;
  return {
    path: `identityProviders[${arn}]`,
    type: 'REMOVE',
    expected: arn,
    actual: null,
    access: { gained: [], lost: [through(arn, text)] },
    leftBySpec: LEFT,
    advice: `create ${nameOf(arn)} again with the tool that owns it: whoever creates it first decides who can enter`,
  };
}

/** What is declared of it is compared with that; the rest with what it was. */
function changedSince(
  declared: Provider,
  was: IdentityProvider,
  actual: IdentityProvider,
): readonly DifferenceDraft[] {
  if (!actual.exists) return was.exists && declared.mustExist === false ? [missing(declared)] : [];
  if (!was.exists) return [created(declared)];
  const { arn, clientIds, thumbprints, metadataSha256 } = declared;
  const undeclared: Provider = {
    arn,
    ...(clientIds === undefined && was.clientIds !== null && { clientIds: was.clientIds }),
    ...(thumbprints === undefined && was.thumbprints !== null && { thumbprints: was.thumbprints }),
    ...(metadataSha256 === undefined &&
      was.metadataSha256 !== null && { metadataSha256: was.metadataSha256 }),
  };
  return differing(undeclared, actual);
}

function created({ arn }: Provider): DifferenceDraft {
  const text = `this role can be assumed through ${nameOf(arn)}: the identity provider was created, by whoever now decides who can sign in`;
  return {
    path: `identityProviders[${arn}]`,
    type: 'ADD',
    expected: null,
    actual: arn,
    access: { gained: [through(arn, text)], lost: [] },
    leftBySpec: LEFT,
    advice: `Make sure that it was meant: this is told once. To have ${nameOf(arn)} compared from now on, declare it under identityProviders`,
  };
}

function differing(expected: Provider, actual: IdentityProvider): readonly DifferenceDraft[] {
  const { arn, clientIds, thumbprints, metadataSha256 } = expected;
  const name = nameOf(arn);
  return [
    ...lists('clientIds', arn, clientIds, actual.clientIds, {
      gained: (ids) =>
        `tokens that ${name} issues for ${ids} are now taken: this role may be assumed with them`,
      lost: (ids) => `tokens that ${name} issues for ${ids} are no longer taken`,
    }),
    ...lists(
      'thumbprints',
      arn,
      thumbprints?.map((one) => one.toLowerCase()),
      actual.thumbprints,
      {
        gained: (list) => `a server with the certificate ${list} can now pass for ${name}, and let anyone in`,
        lost: (list) => `the certificate ${list} of ${name} is no longer trusted`,
      },
    ),
    ...(metadataSha256 === undefined || metadataSha256 === actual.metadataSha256
      ? []
      : [
          {
            path: `identityProviders[${arn}].metadataSha256`,
            type: 'NOT_EQUAL' as const,
            expected: metadataSha256,
            actual: actual.metadataSha256,
            access: {
              gained: [
                through(
                  arn,
                  `whoever holds the keys in the new metadata of ${name} can now sign in as anyone`,
                ),
              ],
              lost: [],
            },
            leftBySpec: LEFT,
            advice: adviceFor(arn),
          },
        ]),
  ];
}

interface Wording {
  readonly gained: (items: string) => string;
  readonly lost: (items: string) => string;
}

/** Lists are sets. */
function lists(
  member: 'clientIds' | 'thumbprints',
  arn: string,
  declared: readonly string[] | undefined,
  actual: readonly string[] | null,
  wording: Wording,
): readonly DifferenceDraft[] {
  if (declared === undefined || actual === null) return [];
  const more = actual.filter((one) => !declared.includes(one));
  const less = declared.filter((one) => !actual.includes(one));
  if (more.length + less.length === 0) return [];
  return [
    {
      path: `identityProviders[${arn}].${member}`,
      type: 'NOT_EQUAL',
      expected: [...new Set(declared)].sort(),
      actual: [...actual],
      access: {
        gained: more.length > 0 ? [through(arn, wording.gained(more.join(', ')))] : [],
        lost: less.length > 0 ? [through(arn, wording.lost(less.join(', ')))] : [],
      },
      leftBySpec: LEFT,
      advice: adviceFor(arn),
    },
  ];
}

function through(arn: string, text: string): Access {
  return { principal: `Federated:${arn}`, actions: ['sts:AssumeRole'], conditions: {}, text };
}

function adviceFor(arn: string): string {
  return `Put ${nameOf(arn)} back with the tool that owns it, or declare it as it is now`;
}

/** `token.actions.githubusercontent.com` of an ARN. */
function nameOf(arn: string): string {
  return arn.slice(arn.indexOf('-provider/') + '-provider/'.length);
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
