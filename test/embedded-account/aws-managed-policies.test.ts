import { describe, expect, it } from 'vitest';

import {
  awsManagedDocument,
  isAwsManagedPolicy,
} from '../../shared/embedded-account/aws-managed-policies.ts';
import names from '../../shared/spec/aws-managed-policies.json' with { type: 'json' };

describe('AWS managed policies', () => {
  it('are listed once each, sorted, with their paths', () => {
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.filter((name) => !/^(?:[\w-]+\/)*[\w+=,.@-]{1,128}$/.test(name))).toEqual([]);
  });

  it.each([
    'AmazonEKSFargatePodExecutionRolePolicy',
    'AmazonEKSWorkerNodePolicy',
    'AmazonEKSWorkerNodeMinimalPolicy',
    'AmazonEC2ContainerRegistryReadOnly',
    'AmazonEC2ContainerRegistryPullOnly',
    'AmazonEKS_CNI_Policy',
    'AmazonSSMManagedInstanceCore',
    'service-role/AmazonECSTaskExecutionRolePolicy',
    'service-role/AWSLambdaBasicExecutionRole',
    'AWSDenyAll',
  ])('know %s, in every partition', (name) => {
    expect(isAwsManagedPolicy(`arn:aws:iam::aws:policy/${name}`, 'aws')).toBe(true);
    expect(isAwsManagedPolicy(`arn:aws-cn:iam::aws:policy/${name}`, 'aws-cn')).toBe(true);
  });

  it('are known by their whole ARN only', () => {
    for (const arn of [
      'arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy',
      'arn:aws-cn:iam::aws:policy/AdministratorAccess',
      'arn:aws:iam::123456789012:policy/AdministratorAccess',
      'AdministratorAccess',
    ]) {
      expect(isAwsManagedPolicy(arn, 'aws')).toBe(false);
    }
  });

  it.each(['AWSDenyAll', 'AWSCompromisedKeyQuarantineV2', 'AWSCompromisedKeyQuarantineV3'])(
    'hold nothing but Deny in %s',
    (name) => {
      expect(awsManagedDocument(`arn:aws:iam::aws:policy/${name}`, 'aws')).toMatchObject({
        Statement: [{ Effect: 'Deny' }],
      });
    },
  );
});
