import type { Access } from '../model.ts';
import type { DifferenceDraft } from './definition.ts';
import type { IdentityProvider } from './identity-provider-reads.ts';
import type { Provider } from './identity-provider-schema.ts';

const LEFT = 'an identity provider serves whoever trusts it: its changes are told, never undone';

export function missing({ arn }: Provider): DifferenceDraft {
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
export function changedSince(
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

export function differing(expected: Provider, actual: IdentityProvider): readonly DifferenceDraft[] {
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
export function nameOf(arn: string): string {
  return arn.slice(arn.indexOf('-provider/') + '-provider/'.length);
}
