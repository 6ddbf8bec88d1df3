import * as z from 'zod/mini';

import type { Access, IamChangeEvent } from '../model.ts';
import { type ChangeDraft, type DeclarationFault, defineAspect, type DifferenceDraft } from './define.ts';
import {
  type IdentityProvider,
  identityProviderSchema,
  isSaml,
  readIdentityProvider,
} from './identity-provider-reads.ts';

const providerArn = z
  .string()
  .check(
    z.regex(
      /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|\d{12}):(?:oidc-provider|saml-provider)\/[\w./:-]+$/,
      'must be the ARN of an OIDC or SAML provider',
    ),
  );

const provider = z.strictObject({
  arn: providerArn,
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
 * The identity providers that the role trusts: who controls one of them can enter, whatever the trust policy says. Only
 * what is declared of a provider is compared, and nothing of it is ever written.
 */
export const identityProviders = defineAspect<Declared, IdentityProvider[]>({
  name: 'identityProviders',
  docs: {
    watched:
      'the SAML and OIDC providers that are declared, which ought to be those that the trust policy names: that they exist, and their client ids, thumbprints and metadata where declared',
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
  observe: ({ clients }, declared) =>
    Promise.all(declared.map((one) => readIdentityProvider(clients, asFull(one).arn))),
  diff: (declared, observed) =>
    declared.map(asFull).flatMap((expected) => {
      const actual = observed.find(({ arn }) => arn === expected.arn);
      if (actual === undefined) return [];
      return actual.exists ? changed(expected, actual) : [missing(expected)];
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
  const { arn, ...members } = asFull(declared);
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

function changed(expected: Provider, actual: IdentityProvider): readonly DifferenceDraft[] {
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
