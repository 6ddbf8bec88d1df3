import { describe, expect, it } from 'vitest';

import { MalformedPolicyError } from '../../shared/errors.ts';
import type { Json } from '../../shared/model.ts';
import { parsePolicy, parsePolicyText } from '../../shared/policy/parse.ts';

const policy = (statement: string) => `{"Version":"2012-10-17","Statement":[${statement}]}`;
const trust = '{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}';

describe('parsePolicyText', () => {
  it('reads plain and percent-encoded text alike, and decodes once only', () => {
    expect(parsePolicyText(encodeURIComponent(policy(trust)))).toEqual(parsePolicyText(policy(trust)));
    expect(parsePolicyText('%7B%22Id%22%3A%22%2541%22%7D')).toEqual({ Id: '%41' });
  });

  it('leaves plain text undecoded, percent and plus signs included', () => {
    expect(parsePolicyText(' {"Id":"100% %41 a+b"}')).toEqual({ Id: '100% %41 a+b' });
  });

  it.each([
    ['an empty text', ''],
    ['a byte order mark', '\uFEFF{}'],
    ['truncated text', '{"Version":"2012-10-17","Statement":[{'],
    ['form-encoded text', '%7B%22Version%22%3A+%222012-10-17%22%7D'],
    ['broken percent-encoding', '%7B%22%ZZ'],
    ['double percent-encoding', '%257B%257D'],
    ['a list of documents', '[{}]'],
    ['text after the end', '{} {}'],
    ['a duplicate member', '{"Id":"a","Id":"a"}'],
    ['a duplicate member behind an escape', '{"Id":"a","\\u0049d":"b"}'],
    ['a number that would be rounded', '{"a":12345678901234567890}'],
    ['an infinite number', '{"a":1e999}'],
    ['an unquoted account id with a leading zero', '{"a":012345678901}'],
    ['a control character', '{"Id":"\u0000"}'],
    ['a comment', '{} // no'],
    ['a single-quoted string', "{'Id':'a'}"],
    ['a trailing comma', '{"Id":"a",}'],
    ['deep nesting', `{"a":${'['.repeat(100_000)}`],
    ['a string that does not end', `{"Id":"${'a'.repeat(1_000_000)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parsePolicyText(text)).toThrow(MalformedPolicyError);
  });

  it('says where', () => {
    expect(() => parsePolicyText('{\n  "Id": "a",\n  "Id": "b"\n}')).toThrow(
      '"Id" is given twice (line 3, column 3)',
    );
  });

  it('keeps members named like those of Object', () => {
    const document = parsePolicyText('{"__proto__":{"a":1},"constructor":2}');
    expect(JSON.stringify(document)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
  });

  it('reads ten megabytes in one line', () => {
    expect(parsePolicyText(`{"Id":"${'a\\n'.repeat(2_500_000)}"}`)).toHaveProperty('Id');
  });
});

describe('parsePolicy', () => {
  it('unifies single values and lists, Booleans and numbers in conditions, and the bare star', () => {
    const statement =
      '{"Effect":"Allow","Principal":"*","Action":"a:b","Condition":{"Bool":{"k":true},"NumericEquals":{"n":[15,100.01]}}}';
    expect(parsePolicy(policy(statement), 'trust').statements).toMatchObject([
      {
        principal: ['AWS:*'],
        action: ['a:b'],
        resource: null,
        conditions: [
          { operator: 'Bool', key: 'k', values: ['true'] },
          { operator: 'NumericEquals', key: 'n', values: ['15', '100.01'] },
        ],
      },
    ]);
  });

  it('takes what only IAM would refuse: other faults are not its business', () => {
    expect(parsePolicy('{}', 'identity').statements).toEqual([]);
    expect(parsePolicy(policy('{"Effect":"allow"}'), 'identity').statements).toHaveLength(1);
    expect(
      parsePolicy('{"Version":"2012-10-17","Statement":{"Condition":null}}', 'trust').statements,
    ).toHaveLength(1);
  });

  it('keeps an empty list of condition values: it matches nothing, which is not the same as no condition', () => {
    const { statements } = parsePolicy(policy('{"Condition":{"StringEquals":{"k":[]}}}'), 'trust');
    expect(statements[0]?.conditions).toEqual([{ operator: 'StringEquals', key: 'k', values: [] }]);
  });

  it.each<[string, Json, string]>([
    ['an unknown member', { Comment: 'x' }, 'unknown member "Comment"'],
    ['a member in lower case', { Statement: [{ effect: 'Allow' }] }, 'Statement[0]: unknown member "effect"'],
    [
      'an unknown type of principal',
      { Statement: [{ Principal: { aws: '*' } }] },
      'Statement[0].Principal: unknown member',
    ],
    ['an empty list of statements', { Statement: [] }, 'Statement: is an empty list'],
    ['an empty list of actions', { Statement: [{ Action: [] }] }, 'Statement[0].Action: is an empty list'],
    ['an empty principal', { Statement: [{ Principal: {} }] }, 'Statement[0].Principal: names no principal'],
    ['an empty list of principals', { Statement: [{ Principal: { AWS: [] } }] }, 'is an empty list'],
    ['a bare principal', { Statement: [{ Principal: '123456789012' }] }, 'bare principal "123456789012"'],
    [
      'a number for an account',
      { Statement: [{ Principal: { AWS: 123_456_789_012 } }] },
      'write it in quotes',
    ],
    ['a wrong type', { Statement: [{ Resource: {} }] }, 'Statement[0].Resource: must be text'],
    ['nested lists', { Statement: [{ Action: [['a:b']] }] }, 'Statement[0].Action: must be text'],
    ['no object', [], 'a policy document must be an object'],
  ])('refuses %s', (_, document, message) => {
    expect(() => parsePolicy(document, 'trust')).toThrow(message);
    expect(() => parsePolicy(document, 'trust')).toThrow(MalformedPolicyError);
  });
});
