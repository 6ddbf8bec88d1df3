import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MalformedPolicyError } from '../../shared/errors.ts';
import type { Json } from '../../shared/model.ts';
import { comparePolicies } from '../../shared/policy/equal.ts';
import { explainAccess } from '../../shared/policy/explain.ts';
import { policyFaults } from '../../shared/policy/faults.ts';
import { parsePolicyText } from '../../shared/policy/parse.ts';
import { ABOUT_LINEAR, cpuTime, growth } from './cpu-time.ts';
import { TRAPS } from './names.ts';

const identity = { kind: 'identity' } as const;
const policy = (Statement: Json) => JSON.stringify({ Version: '2012-10-17', Statement });
const range = <T>(size: number, item: (index: number) => T) =>
  Array.from({ length: size }, (_, index) => item(index));

/** Everything that is done with two policies; false where one of them is refused as malformed. */
function judged(a: string | Json, b: string | Json, kind: 'trust' | 'identity' = 'identity'): boolean {
  try {
    const { equivalent } = comparePolicies(a, b, { kind });
    const { gained, lost } = explainAccess(a, b, { kind });
    if (equivalent && gained.length + lost.length > 0) throw new Error('equivalent, yet access differs');
    return true;
  } catch (error) {
    if (error instanceof MalformedPolicyError) return false;
    throw error;
  }
}

const refused = (text: string) => expect(() => parsePolicyText(text)).toThrow(MalformedPolicyError);
const longLine = (end: string) =>
  policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${'x'.repeat(10_000_000)}${end}` });

describe('policy texts', () => {
  it('are read or refused as malformed, whatever they are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map(encodeURIComponent),
      fc
        .array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            '\\',
            '\\ud800',
            ':',
            ',',
            '\0',
            '%7B',
            '%',
            '1e999',
            'null',
          ),
        )
        .map((all) => all.join('')),
      fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes)),
    );
    expect(
      fc.check(
        fc.property(text, (given) => {
          judged(given, policy([]));
          judged(`{${given}`, given);
        }),
        { numRuns: 250 },
      ),
    ).toMatchObject({ counterexample: null });
  });

  it.each([
    ['brackets', (size: number) => `{"Statement":${'['.repeat(size)}`],
    ['braces', (size: number) => '{"a":'.repeat(size)],
    ['blanks', (size: number) => ' '.repeat(size)],
    ['percent signs', (size: number) => '%'.repeat(size)],
    ['percent-encoded brackets', (size: number) => `%7B${'%5B'.repeat(size)}`],
    ['digits', (size: number) => `{"Version":${'1'.repeat(size)}}`],
    ['NULs', (size: number) => `{"Version":"${'\0'.repeat(size)}"}`],
    ['an open string', (size: number) => `{"Version":"${'x'.repeat(size)}`],
  ])('are refused without overflow and in linear time: %s', async (_, make) => {
    expect(() => parsePolicyText(make(1_000_000))).toThrow(MalformedPolicyError);
    expect(await growth(make, refused, 1_000_000)).toBeLessThan(ABOUT_LINEAR);
  });

  it('are read right in one line of 10 MB', () => {
    expect(comparePolicies(longLine('a'), longLine('a'), identity).equivalent).toBe(true);
    expect(comparePolicies(longLine('a'), longLine('b'), identity).equivalent).toBe(false);
  });
});

const statementWith = (more: string) =>
  `{"Statement":{"Effect":"Allow","Action":"s3:Get","Resource":"a"${more}}}`;

describe('policy documents', () => {
  it('are judged or refused as malformed, whatever stands in whichever place', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<Json>('*', 'AWS:*', '', '\ud800', '${', '${*}', '\u0000', '**?*', {}, [], [[]], null),
    );
    const statement = fc.record(
      {
        Sid: anything,
        Effect: fc.oneof(fc.constantFrom('Allow', 'Deny'), anything),
        Principal: fc.oneof(fc.record({ AWS: anything, Service: anything }, { requiredKeys: [] }), anything),
        NotPrincipal: anything,
        Action: anything,
        NotAction: anything,
        Resource: anything,
        NotResource: anything,
        Condition: fc.oneof(fc.dictionary(fc.string(), fc.dictionary(fc.string(), anything)), anything),
      },
      { requiredKeys: ['Effect'] },
    );
    const document = fc.record(
      {
        Version: fc.oneof(fc.constant('2012-10-17'), anything),
        Id: anything,
        Statement: fc.oneof(fc.array(statement, { maxLength: 4 }), statement, anything),
      },
      { requiredKeys: ['Statement'] },
    );
    const arbitrary = document.map((given) => JSON.stringify(given));
    expect(
      fc.check(
        fc.property(arbitrary, arbitrary, fc.constantFrom('trust', 'identity'), (a, b, kind) => {
          judged(a, b, kind);
          if (judged(a, a, kind)) policyFaults(parsePolicyText(a), kind);
        }),
        { numRuns: 500 },
      ),
    ).toMatchObject({ counterexample: null });
  });

  it.each(TRAPS)('take %s for a name like any other', (trap) => {
    const plain = statementWith('');
    for (const more of [
      `,"Condition":{"StringEquals":{"${trap}":"x"}}`,
      `,"Condition":{"${trap}":{"aws:k":"x"}}`,
    ]) {
      const conditional = statementWith(more);
      expect(comparePolicies(conditional, conditional, identity).identical).toBe(true);
      expect(comparePolicies(plain, conditional, identity).equivalent).toBe(false);
      const { gained, lost } = explainAccess(plain, conditional, identity);
      expect([gained, lost.length]).toEqual([[], 1]);
      expect(lost[0]?.text).toContain('only when');
    }
    expect(comparePolicies(plain, statementWith(`,"Sid":"${trap}"`), identity)).toEqual({
      equivalent: true,
      identical: false,
    });
    expect(() => parsePolicyText(statementWith(`,"${trap}":1,"${trap}":2`))).toThrow('given twice');
    expect(() => comparePolicies(plain, statementWith(`,"${trap}":1`), identity)).toThrow(
      MalformedPolicyError,
    );
    expect(() =>
      comparePolicies(plain, statementWith(`,"Principal":{"${trap}":"x"}`), { kind: 'trust' }),
    ).toThrow(MalformedPolicyError);
  });
});

const allow = (Resource: Json, more: { readonly [key: string]: Json } = {}) => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource,
  ...more,
});
const bucket = (index: number) => `arn:aws:s3:::bucket-${index}`;
const starred = (size: number, prefix: string) => range(size, (index) => `${prefix}${index}*`);

describe('policies of many parts', () => {
  it('are compared right with 100,000 statements, in bounded time', async () => {
    const statements = range(100_000, (index) => allow(bucket(index)));
    const more = { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' };
    const [a, shuffled, wider] = [
      policy(statements),
      policy(statements.toReversed()),
      policy([...statements, more]),
    ];
    const time = await cpuTime(() => {
      expect(comparePolicies(a, shuffled, identity).equivalent).toBe(true);
      expect(explainAccess(a, wider, identity)).toMatchObject({
        gained: [{ resource: '*', actions: ['iam:PassRole'] }],
        lost: [],
      });
    });
    expect(time).toBeLessThan(60_000);
  }, 240_000);

  const shapes: readonly (readonly [string, number, (size: number) => readonly [Json, Json]])[] = [
    [
      'statements apart',
      4000,
      (size) => [range(size, (i) => allow(bucket(i))), range(size, (i) => allow(`${bucket(i)}x`))],
    ],
    [
      'statements with patterns',
      2500,
      (size) => [range(size, (i) => allow(`${bucket(i)}*`)), range(size, (i) => allow(`${bucket(i)}x*`))],
    ],
    [
      'NotAction',
      3000,
      (size) => [
        range(size, (i) => ({ Effect: 'Allow', NotAction: `s3:A${i}`, Resource: '*' })),
        range(size, (i) => ({ Effect: 'Deny', NotAction: `s3:B${i}`, Resource: '*' })),
      ],
    ],
    [
      'actions on resources, all patterns',
      500,
      (size) => [
        allow(starred(size, 'arn:'), { Action: starred(size, 's3:Get') }),
        allow(starred(size, 'arn:x'), { Action: starred(size, 's3:Put') }),
      ],
    ],
    [
      'condition keys',
      4000,
      (size) => [
        allow('*', {
          Condition: { StringEquals: Object.fromEntries(range(size, (i) => [`aws:k${i}`, 'a'])) },
        }),
        allow('*', {
          Condition: { StringEquals: Object.fromEntries(range(size, (i) => [`aws:k${i}`, 'b'])) },
        }),
      ],
    ],
    [
      'condition values',
      40_000,
      (size) => [
        allow('*', { Condition: { StringLike: { 'aws:k': starred(size, 'a') } } }),
        allow('*', { Condition: { StringLike: { 'aws:k': starred(size, 'b') } } }),
      ],
    ],
    [
      'circumstances at one place',
      3000,
      (size) => [
        range(size, (i) => allow('*', { Condition: { StringLike: { 'aws:k': `a${i}*` } } })),
        range(size, (i) => allow('*', { Condition: { StringLike: { 'aws:k': `b${i}*` } } })),
      ],
    ],
    [
      'stars in one pattern',
      60_000,
      (size) => [allow(`${'*a'.repeat(size)}b`), allow(`${'*a'.repeat(size)}c`)],
    ],
    [
      'letters that a star could begin at',
      60_000,
      (size) => [allow(`*${'a'.repeat(size)}b`), allow('a'.repeat(2 * size))],
    ],
  ];

  it.each(shapes)('never take very long: %s', async (_, size, make) => {
    const [a, b] = make(size).map(policy);
    const time = await cpuTime(() => expect(judged(a ?? '', b ?? '')).toBe(true));
    expect(time).toBeLessThan(30_000);
  });
});
