import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { formatPolicy, isDenyOnly, kindOf, withoutPrincipal } from '../../shared/policy/document.ts';

const statement: JsonObject = {
  Action: 'sts:AssumeRole',
  Principal: { Service: 'ec2.amazonaws.com' },
  Effect: 'Allow',
};
const role = 'arn:aws:iam::123456789012:role/app';
const nobody = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };

describe('kindOf', () => {
  it('goes by whether a principal is named', () => {
    expect(kindOf({ Statement: [{ Action: '*' }, statement] })).toBe('trust');
    expect(kindOf({ Statement: { NotPrincipal: '*' } })).toBe('trust');
    expect(
      [{ Statement: [{ Action: '*' }] }, {}, [], 'text', null].map((document) => kindOf(document)),
    ).toEqual(Array.from({ length: 5 }, () => 'identity'));
  });
});

describe('isDenyOnly', () => {
  it('wants a statement, and all of them Deny', () => {
    expect(isDenyOnly({ Statement: { Effect: 'Deny' } })).toBe(true);
    expect(isDenyOnly({ Statement: [{ Effect: 'Deny' }, statement] })).toBe(false);
    expect([{ Statement: [] }, {}, null].some((document) => isDenyOnly(document))).toBe(false);
  });
});

const without = (Principal: JsonObject | string, type = 'AWS', value = role) =>
  withoutPrincipal({ Version: '2012-10-17', Statement: [{ ...statement, Principal }] }, type, value);
const left = (Principal: JsonObject) => ({
  Version: '2012-10-17',
  Statement: [{ ...statement, Principal }],
});

describe('withoutPrincipal', () => {
  it('removes one value, or one type, and keeps the others', () => {
    expect(without({ AWS: [role, '*'] })).toEqual(left({ AWS: ['*'] }));
    expect(without({ AWS: role, Service: 'a.b' })).toEqual(left({ Service: 'a.b' }));
    expect(without({ AWS: ['123456789012', '*'] }, 'AWS', 'arn:aws:iam::123456789012:root')).toEqual(
      left({ AWS: ['*'] }),
    );
  });

  it('leaves other principals alone', () => {
    expect(without({ Service: role })).toEqual(left({ Service: role }));
    expect(without({ AWS: `${role}2` })).toEqual(left({ AWS: `${role}2` }));
  });

  it('drops a statement that named no other', () => {
    expect(
      withoutPrincipal({ Statement: [{ ...statement, Principal: { AWS: role } }, statement] }, 'AWS', role),
    ).toEqual({
      Statement: [statement],
    });
  });

  it('denies everybody rather than leave nothing', () => {
    expect(without({ AWS: [role] })).toEqual({ Version: '2012-10-17', Statement: [nobody] });
  });
});

describe('formatPolicy', () => {
  it('writes Version first and no white space', () => {
    expect(formatPolicy({ Statement: [statement], Version: '2012-10-17' })).toBe(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    );
  });

  it('writes everybody as IAM takes it', () => {
    expect(formatPolicy({ Statement: { Principal: '*' } })).toBe('{"Statement":{"Principal":{"AWS":"*"}}}');
  });
});
