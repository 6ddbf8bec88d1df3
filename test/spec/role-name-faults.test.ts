import { describe, expect, it } from 'vitest';

import { faultsOfRoles } from './support.ts';

describe('names', () => {
  it.each([
    ['my role', 'is no name that IAM allows'],
    ['ünïcode', 'is no name that IAM allows'],
    ['x'.repeat(65), 'is longer than the 64 characters'],
    ['', 'the name is empty'],
    ['service-role/app', 'holds a path'],
    ['arn:aws:iam::123456789012:role/app', 'is an ARN'],
    ['app-${AWS::AccountId}', 'variables are not resolved in names'],
    ['AWSServiceRoleForECS', 'must not be managed: it is a service-linked role'],
    ['awsreservedsso_x', 'must not be managed'],
    ['iamDriftRemediatorRemediate', 'must not be managed'],
    ['AWSReservedSSO_*', 'matches only roles that must not be managed'],
  ])('%s: %s', (name, message) => {
    const faults = faultsOfRoles(`- name: ${JSON.stringify(name)}`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  it.each(['a', 'A_b+c=d,e.f@g-h', 'x'.repeat(64), '*', '*Node?Role*'])('%s is allowed', (name) => {
    expect(faultsOfRoles(`- name: ${JSON.stringify(name)}`)).toEqual([]);
  });

  it('must differ by more than case', () => {
    expect(faultsOfRoles('- name: App', '- name: app')).toEqual([
      'roles[1].name: "app" is declared already by roles[0]: role names ignore case',
    ]);
  });

  it('must be reachable', () => {
    expect(faultsOfRoles('- name: "app-*"', '- name: "APP-?-x"', '- name: app-1')).toEqual([
      'roles[1].name: "APP-?-x" can never be reached: roles[0] ("app-*") comes first and matches every such name',
    ]);
  });

  it('may be narrow before wide', () => {
    expect(faultsOfRoles('- name: "app-?-x"', '- name: "app-*"')).toEqual([]);
  });

  it.each(['x', '/x', 'x/', '//', '/a b/'])('have no such path: %s', (path) => {
    expect(faultsOfRoles(`- {name: a, path: ${JSON.stringify(path)}}`)[0]).toContain(
      'is no path that IAM allows',
    );
  });

  it('have no path that belongs to AWS', () => {
    expect(faultsOfRoles('- {name: a, path: /aws-reserved/x/}')[0]).toContain('must not be managed');
  });
});
