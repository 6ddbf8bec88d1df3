import { describe, expect, it } from 'vitest';

import { faultsOfRoles, remediesOfRoles } from './support.ts';

const policy = (arn: string) => faultsOfRoles('- name: a', `  managedPolicies: [${JSON.stringify(arn)}]`);

describe('ARNs', () => {
  it('of an AWS managed policy have the path that AWS gave it', () => {
    const lines = [
      '- name: a',
      '  managedPolicies: ["arn:${AWS::Partition}:iam::aws:policy/AmazonECSTaskExecutionRolePolicy"]',
    ];
    expect(faultsOfRoles(...lines)).toEqual([
      'roles[0].managedPolicies[0]: there is no AWS managed policy "AmazonECSTaskExecutionRolePolicy", but there is "service-role/AmazonECSTaskExecutionRolePolicy": path and case belong to the ARN',
    ]);
    expect(remediesOfRoles(...lines)).toEqual([
      'write arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
    ]);
  });

  it.each([
    ['arn:aws:iam::aws:policy/readonlyaccess', 'but there is "ReadOnlyAccess"'],
    ['arn:aws:iam::aws:policy/NoSuchThingAtAll', 'there is no AWS managed policy'],
    ['arn:awz:iam::aws:policy/ReadOnlyAccess', 'there is no partition "awz"'],
    ['arn:aws:iam::12345678901:policy/p', 'is no account id, which has 12 digits'],
    ['arn:aws:iam:::policy/p', 'the account is missing'],
    ['arn:aws:iam:us-east-1:123456789012:policy/p', 'names a region, and IAM is global'],
    ['arn:aws:iam::policy/p', 'is not a whole ARN'],
    ['ReadOnlyAccess', 'must be the ARN of a managed policy'],
  ])('%s: %s', (arn, message) => {
    const faults = policy(arn);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  it.each([
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/teams/my-policy',
    'arn:aws-us-gov:iam::012345678901:policy/my-policy',
  ])('%s is right', (arn) => {
    expect(policy(arn)).toEqual([]);
  });

  it('suggests the policy that was meant', () => {
    expect(
      remediesOfRoles('- name: a', '  managedPolicies: [arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicyy]'),
    ).toEqual(['did you mean arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy?']);
  });

  it('of one role are in one partition', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  managedPolicies: [arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws-cn:iam::123456789012:policy/p]',
      )[0],
    ).toContain('is in partition aws-cn, and this role is in aws');
  });

  it('may hold wildcards in conditions', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  trustPolicy:',
        '    Version: "2012-10-17"',
        '    Statement:',
        '      Effect: Allow',
        '      Principal: { Service: ecs-tasks.amazonaws.com }',
        '      Action: sts:AssumeRole',
        '      Condition: { ArnLike: { aws:SourceArn: ["arn:*", "arn:aws:ecs:*:123456789012:*"] } }',
      ),
    ).toEqual([]);
  });

  it('are not both required and forbidden, nor required twice, nor more than IAM attaches', () => {
    const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    expect(
      faultsOfRoles(`- {name: a, managedPolicies: {attached: ["${arn}"], forbidden: ["${arn}"]}}`)[0],
    ).toContain('roles[0].managedPolicies.forbidden[0]');
    expect(faultsOfRoles(`- {name: a, managedPolicies: ["${arn}", "${arn}"]}`)[0]).toContain(
      'roles[0].managedPolicies[1]',
    );
    const many = Array.from({ length: 26 }, (_, index) => `"arn:aws:iam::123456789012:policy/p${index}"`);
    expect(faultsOfRoles(`- {name: a, managedPolicies: [${many.join()}]}`)[0]).toContain('at most 25');
  });

  it('of a preset count too: forbidding what it requires is a fault', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  preset: ecs-task-execution',
        '  managedPolicies: {forbidden: ["arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]}',
      ),
    ).toHaveLength(1);
  });

  it('mean the same with a variable and without', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  preset: eks-node',
        '  managedPolicies: {forbidden: [arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy]}',
      ),
    ).toEqual([expect.stringContaining('roles[0].managedPolicies.forbidden[0]: ')]);
  });
});
