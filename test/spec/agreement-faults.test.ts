import { describe, expect, it } from 'vitest';

import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';

const policyArn = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orders';
const role = (name: string, Action: string, arn = policyArn) => ({
  name,
  managedPolicies: [
    {
      arn,
      document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
    },
  ],
});
const faultsOf = (...roles: readonly object[]) =>
  loadSpec(JSON.stringify({ version: 1, roles }), 'roles.yaml').faults.map(formatFault);

describe('what several roles declare alike', () => {
  it('may be declared by each of them', () => {
    expect(faultsOf(role('a', 's3:GetObject'), role('b', 's3:GetObject'))).toEqual([]);
  });

  it('must be the same: they would change it to and fro for ever', () => {
    expect(faultsOf(role('a', 's3:GetObject'), role('b', 's3:PutObject'))).toEqual([
      expect.stringContaining(`the role "a" declares "${policyArn}" otherwise, and there is only one`),
    ]);
  });

  it('of different things need not be', () => {
    expect(faultsOf(role('a', 's3:GetObject'), role('b', 's3:PutObject', `${policyArn}-2`))).toEqual([]);
  });
});
