import { describe, expect, it } from 'vitest';

import { managedPolicies } from '../../shared/aspects/managed-policies.ts';
import type { Json } from '../../shared/model.ts';
import { describeAspect, type Tampering } from '../support/aspect-contract.ts';

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const call =
  (eventName: 'AttachRolePolicy' | 'DetachRolePolicy', ...names: readonly string[]): Tampering =>
  (account) => {
    for (const name of names) {
      const { refusal } = account.apply({
        eventName,
        requestParameters: { roleName: 'app', policyArn: managed(name) },
      });
      if (refusal !== null) throw new Error(refusal);
    }
  };
const attach = (...names: readonly string[]) => call('AttachRolePolicy', ...names);
const detach = (...names: readonly string[]) => call('DetachRolePolicy', ...names);

describeAspect(managedPolicies, {
  declared: {
    attached: [
      managed('ReadOnlyAccess'),
      { oneOf: [managed('SecurityAudit'), managed('job-function/ViewOnlyAccess')] },
    ],
    allowed: [managed('AmazonSSMManagedInstanceCore')],
    forbidden: [managed('AdministratorAccess')],
    unlisted: 'detach',
  },
  inSync: attach('ReadOnlyAccess', 'SecurityAudit'),
  drifted: {
    'a required policy detached': detach('ReadOnlyAccess'),
    'no alternative left': detach('SecurityAudit'),
    'a forbidden policy attached': attach('AdministratorAccess'),
    'an undeclared policy attached': attach('PowerUserAccess'),
    'all at once': (account) => {
      detach('ReadOnlyAccess', 'SecurityAudit')(account);
      attach('AdministratorAccess', 'PowerUserAccess')(account);
    },
  },
  equivalents: {
    'the other alternative': (account) => {
      detach('SecurityAudit')(account);
      attach('job-function/ViewOnlyAccess')(account);
    },
    'an allowed policy': attach('AmazonSSMManagedInstanceCore'),
  },
});

const grants = (declared: Json) => managedPolicies.grants(declared);

describe('the write grants of managedPolicies', () => {
  it('attach exactly what is required, alternatives included', () => {
    expect(grants([managed('A'), { oneOf: [managed('B'), managed('C')] }])).toEqual([
      {
        actions: ['iam:AttachRolePolicy'],
        condition: { ArnEquals: { 'iam:PolicyARN': [managed('A'), managed('B'), managed('C')] } },
      },
    ]);
  });

  it('detach only what is forbidden, unless all that is unlisted goes', () => {
    expect(grants({ forbidden: [managed('A')] })).toEqual([
      { actions: ['iam:DetachRolePolicy'], condition: { ArnEquals: { 'iam:PolicyARN': [managed('A')] } } },
    ]);
    expect(grants({ forbidden: [managed('A')], unlisted: 'detach' })).toEqual([
      { actions: ['iam:DetachRolePolicy'] },
    ]);
  });

  it('nothing where everything is only reported', () => {
    expect(grants({ unlisted: 'report' })).toEqual([]);
  });
});

describe('the faults of managedPolicies', () => {
  it('names a policy that is both required and forbidden, and one that is required twice', () => {
    const faults = managedPolicies.faults({
      attached: [managed('A'), managed('A')],
      forbidden: [managed('A')],
    });
    expect(faults.map(({ path }) => path)).toEqual([
      ['forbidden', 0],
      ['attached', 1],
    ]);
  });
});
