import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { comparePolicies } from '../../shared/policy/equal.ts';
import type { PolicyContext } from '../../shared/policy/parse.ts';

const document = (...statements: JsonObject[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});
const allow = (Principal: JsonObject, rest: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...rest,
});
const grant = (rest: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: '*',
  ...rest,
});
const account = 'arn:aws:iam::123456789012:root';
const when = (Condition: JsonObject) => document(allow({ AWS: account }, { Condition }));
const equal = (a: JsonObject, b: JsonObject, context: Partial<PolicyContext> = {}) =>
  comparePolicies(a, b, { kind: 'trust', ...context }).equivalent;

const many = (first: number, step = 1) =>
  document(
    ...Array.from({ length: 20_000 }, (_, index) =>
      allow({ AWS: `arn:aws:iam::123456789012:role/r${step > 0 ? first + index : 19_999 - index}` }),
    ),
  );

describe('principals', () => {
  it('takes an account id for the root of that account in the partition of the role, and no other', () => {
    const id = document(allow({ AWS: '123456789012' }));
    expect(equal(id, document(allow({ AWS: account })))).toBe(true);
    const china = document(allow({ AWS: 'arn:aws-cn:iam::123456789012:root' }));
    expect(equal(id, china, { partition: 'aws-cn' })).toBe(true);
    expect(equal(id, china, { partition: 'aws' })).toBe(false);
    expect(equal(document(allow({ AWS: account })), china)).toBe(false);
  });

  it('takes the partition that the documents name where none is given', () => {
    const china = document(allow({ AWS: 'arn:aws-cn:iam::123456789012:root' }));
    expect(equal(document(allow({ AWS: '123456789012' })), china)).toBe(true);
  });

  it.each([
    ['the id of a role and its ARN', 'AROAEXAMPLEEXAMPLE123', 'arn:aws:iam::123456789012:role/app'],
    ['a role named root and the account', 'arn:aws:iam::123456789012:role/root', account],
    ['accounts that differ in a leading zero', '012345678901', '12345678901'],
    ['cases of a name', 'arn:aws:iam::123456789012:user/Bob', 'arn:aws:iam::123456789012:user/bob'],
    [
      'a star within an ARN and a role',
      'arn:aws:iam::123456789012:role/*',
      'arn:aws:iam::123456789012:role/app',
    ],
  ])('tells apart %s', (_, a, b) => {
    expect(equal(document(allow({ AWS: a })), document(allow({ AWS: b })))).toBe(false);
  });

  it('tells everybody from nobody, and an absent principal from both', () => {
    const star = document({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' });
    expect(equal(star, document(allow({ AWS: ['*'] })))).toBe(true);
    expect(equal(star, document({ Effect: 'Allow', Action: 'sts:AssumeRole' }))).toBe(false);
    expect(equal(star, document({ Effect: 'Allow', NotPrincipal: '*', Action: 'sts:AssumeRole' }))).toBe(
      false,
    );
  });

  it('does not look for account ids in conditions', () => {
    expect(equal(when({ StringEquals: { k: '123456789012' } }), when({ StringEquals: { k: account } }))).toBe(
      false,
    );
  });
});

describe('conditions', () => {
  it('ignores the case of operators and keys, not of values', () => {
    expect(
      equal(when({ StringEquals: { 'aws:Key': 'v' } }), when({ stringequals: { 'AWS:key': ['v', 'v'] } })),
    ).toBe(true);
    expect(
      equal(when({ StringEquals: { 'aws:Key': 'v' } }), when({ StringEquals: { 'aws:Key': 'V' } })),
    ).toBe(false);
  });

  it('keeps two spellings of one key apart: both must hold', () => {
    const both = when({ StringEquals: { 'aws:k': 'a', 'AWS:K': 'b' } });
    expect(equal(both, when({ StringEquals: { 'aws:k': ['a', 'b'] } }))).toBe(false);
    expect(equal(both, when({ StringEquals: { 'aws:k': 'a' } }))).toBe(false);
    expect(equal(both, when({ StringEquals: { 'AWS:K': 'b', 'aws:k': 'a' } }))).toBe(true);
  });

  it('compares them within their statement', () => {
    const [one, two] = [{ StringEquals: { k: '1' } }, { StringEquals: { k: '2' } }];
    const other = 'arn:aws:iam::210987654321:root';
    expect(
      equal(
        document(allow({ AWS: account }, { Condition: one }), allow({ AWS: other }, { Condition: two })),
        document(allow({ AWS: account }, { Condition: two }), allow({ AWS: other }, { Condition: one })),
      ),
    ).toBe(false);
  });

  it('takes alternatives in one statement and in two for the same', () => {
    const two = document(
      allow({ AWS: account }, { Condition: { StringEquals: { k: 'a' } } }),
      allow({ AWS: account }, { Condition: { StringEquals: { k: 'b' } } }),
    );
    expect(equal(two, when({ StringEquals: { k: ['a', 'b'] } }))).toBe(true);
    expect(equal(two, when({ StringEquals: { k: ['a', 'c'] } }))).toBe(false);
  });

  it.each([
    ['negated values, of which all count', 'StringNotEquals'],
    ['values of ForAllValues', 'ForAllValues:StringEquals'],
  ])('does not take apart %s', (_, operator) => {
    const two = document(
      allow({ AWS: account }, { Condition: { [operator]: { k: 'a' } } }),
      allow({ AWS: account }, { Condition: { [operator]: { k: 'b' } } }),
    );
    expect(equal(two, when({ [operator]: { k: ['a', 'b'] } }))).toBe(false);
  });

  it('takes literal stars for what they are', () => {
    expect(equal(when({ StringEquals: { k: 'a**' } }), when({ StringEquals: { k: 'a*' } }))).toBe(false);
    expect(equal(when({ StringLike: { k: '${*}' } }), when({ StringLike: { k: '*' } }))).toBe(false);
  });

  it.each([
    [{ Bool: { k: 'true' } }, { BoolIfExists: { k: 'true' } }],
    [{ 'ForAnyValue:StringEquals': { k: 'a' } }, { 'ForAllValues:StringEquals': { k: 'a' } }],
    [{ StringEquals: { k: [] } }, {}],
    [{ StringEquals: { k: [] } }, { StringEquals: { k: '' } }],
  ])('tells %j from %j', (a, b) => {
    expect(equal(when(a), when(b))).toBe(false);
  });

  it('takes no operator, or one without keys, for no condition', () => {
    expect(equal(when({}), document(allow({ AWS: account })))).toBe(true);
    expect(equal(when({ StringEquals: {} }), document(allow({ AWS: account })))).toBe(true);
  });
});

describe('statements', () => {
  const identity = { kind: 'identity' } as const;

  it('are equal however the same access is split', () => {
    const merged = document(grant({ Action: ['s3:GetObject', 's3:PutObject'] }));
    const split = document(
      grant({}),
      grant({ Action: 's3:PutObject' }),
      grant({ Action: 'S3:getobject', Sid: 'again' }),
    );
    expect(equal(merged, split, identity)).toBe(true);
    expect(
      equal(
        document(grant({ Action: ['s3:Get*', 's3:GetObject'] })),
        document(grant({ Action: 's3:Get*' })),
        identity,
      ),
    ).toBe(true);
    expect(equal(document(grant({ Resource: 'a**' })), document(grant({ Resource: 'a*' })), identity)).toBe(
      true,
    );
  });

  it('differ where something is excepted on one side, or denied outright', () => {
    const both = {
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: 'sts:AssumeRole',
      NotAction: 'sts:TagSession',
    };
    expect(equal(document(both), document(allow({ AWS: account })))).toBe(false);
    expect(equal(document(both), document({ ...both }))).toBe(true);
    const denied = document(grant({}), grant({ Effect: 'Deny', Action: 'iam:*' }));
    expect(equal(denied, document(grant({})), identity)).toBe(false);
  });

  it('mind the case of resources and of Effect', () => {
    expect(
      equal(
        document(grant({ Resource: 'arn:aws:s3:::B' })),
        document(grant({ Resource: 'arn:aws:s3:::b' })),
        identity,
      ),
    ).toBe(false);
    expect(equal(document(grant({})), document(grant({ Effect: 'allow' })), identity)).toBe(false);
  });

  it('mind the version: variables are plain text under the older one', () => {
    const old = { Statement: [grant({})] };
    expect(equal(old, { ...old, Version: '2008-10-17' }, identity)).toBe(true);
    expect(equal(old, { ...old, Version: '2012-10-17' }, identity)).toBe(false);
  });

  it('carry labels that only identical documents share', () => {
    const [one, two] = [
      document(allow({ AWS: '*' }, { Sid: 'One' })),
      document(allow({ AWS: '*' }, { Sid: 'Two' })),
    ];
    expect(comparePolicies(one, two, { kind: 'trust' })).toEqual({ equivalent: true, identical: false });
    expect(comparePolicies({ ...one, Id: 'x' }, one, { kind: 'trust' })).toEqual({
      equivalent: true,
      identical: false,
    });
    const unlabelled = document(allow({ AWS: '*' }, { Sid: '' }));
    expect(comparePolicies(unlabelled, document(allow({ AWS: '*' })), { kind: 'trust' }).identical).toBe(
      true,
    );
  });

  it('are compared in bounded time, however many', () => {
    expect(equal(many(0), many(1))).toBe(false);
    expect(equal(many(0), many(0, -1))).toBe(true);
  });
});
