import { describe, expect, it } from 'vitest';

import { awsPolicy, declared, load, trusting } from './support.ts';

const own = 'arn:aws:iam::123456789012:policy/own';

const clusterPolicies = (params: object) => declared(load('eks-cluster', params), 'managedPolicies');

describe('eks-cluster', () => {
  it('trusts EKS and requires the cluster policy', () => {
    const spec = load('eks-cluster');
    expect(declared(spec, 'trustPolicy')).toEqual(
      trusting({ Service: 'eks.amazonaws.com' }, 'sts:AssumeRole'),
    );
    expect(declared(spec, 'managedPolicies')).toEqual({
      attached: [awsPolicy('AmazonEKSClusterPolicy')],
      allowed: [],
    });
  });

  it('takes a policy of one’s own in its place, and the one for security groups for Pods', () => {
    const vpc = awsPolicy('AmazonEKSVPCResourceController');
    expect(clusterPolicies({ customPolicyArn: own })).toMatchObject({ attached: [own] });
    expect(clusterPolicies({ vpcResourceController: 'allow' })).toMatchObject({ allowed: [vpc] });
    expect(clusterPolicies({ vpcResourceController: 'require' })).toEqual({
      attached: [awsPolicy('AmazonEKSClusterPolicy'), vpc],
      allowed: [],
    });
  });
});

describe('eks-auto-cluster', () => {
  it('trusts EKS to tag its sessions, and requires the guide’s five policies', () => {
    const spec = load('eks-auto-cluster', { policies: [own] });
    expect(declared(spec, 'trustPolicy')).toEqual(
      trusting({ Service: 'eks.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']),
    );
    expect(declared(spec, 'managedPolicies')).toEqual({
      attached: [
        awsPolicy('AmazonEKSClusterPolicy'),
        awsPolicy('AmazonEKSComputePolicy'),
        { oneOf: [awsPolicy('AmazonEKSBlockStoragePolicy'), awsPolicy('AmazonEKSBlockStoragePolicyV2')] },
        awsPolicy('AmazonEKSLoadBalancingPolicy'),
        awsPolicy('AmazonEKSNetworkingPolicy'),
        own,
      ],
    });
  });
});

it('eks-auto-node trusts EC2 and requires the guide’s two policies', () => {
  const spec = load('eks-auto-node');
  expect(declared(spec, 'trustPolicy')).toEqual(
    trusting({ Service: 'ec2.${AWS::URLSuffix}' }, 'sts:AssumeRole'),
  );
  expect(declared(spec, 'managedPolicies')).toEqual({
    attached: [
      awsPolicy('AmazonEKSWorkerNodeMinimalPolicy'),
      awsPolicy('AmazonEC2ContainerRegistryPullOnly'),
    ],
  });
});

describe('ecs-task', () => {
  it('trusts ECS tasks, of certain Regions where they are given', () => {
    const principal = { Service: 'ecs-tasks.amazonaws.com' };
    expect(declared(load('ecs-task'), 'trustPolicy')).toEqual(trusting(principal, 'sts:AssumeRole'));
    expect(declared(load('ecs-task', { region: ['us-east-1', 'us-gov-west-1'] }), 'trustPolicy')).toEqual(
      trusting(principal, 'sts:AssumeRole', {
        StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
        ArnLike: {
          'aws:SourceArn': [
            'arn:${AWS::Partition}:ecs:us-east-1:${AWS::AccountId}:*',
            'arn:${AWS::Partition}:ecs:us-gov-west-1:${AWS::AccountId}:*',
          ],
        },
      }),
    );
    expect(load('ecs-task', { region: 'us-east' }).faults[0]?.message).toContain('must be a Region');
  });

  it('leaves attachments uncompared until policies are given', () => {
    expect(declared(load('ecs-task'), 'managedPolicies')).toBeUndefined();
    expect(declared(load('ecs-task', { policies: [own] }), 'managedPolicies')).toEqual({ attached: [own] });
  });
});

it('ecs-instance trusts EC2 and requires the policy of the kind of instances', () => {
  const spec = load('ecs-instance');
  expect(declared(spec, 'trustPolicy')).toEqual(
    trusting({ Service: 'ec2.${AWS::URLSuffix}' }, 'sts:AssumeRole'),
  );
  expect(declared(spec, 'managedPolicies')).toEqual({
    attached: [awsPolicy('service-role/AmazonEC2ContainerServiceforEC2Role')],
  });
  const instancePolicy = 'AmazonECSInstanceRolePolicyForManagedInstances';
  expect(declared(load('ecs-instance', { instancePolicy, policies: [own] }), 'managedPolicies')).toEqual({
    attached: [awsPolicy(instancePolicy), own],
  });
});

describe('ecs-infrastructure', () => {
  it('trusts ECS and requires the policies of what it manages', () => {
    const spec = load('ecs-infrastructure', { manages: ['volumes', 'load-balancers'] });
    expect(declared(spec, 'trustPolicy')).toEqual(
      trusting({ Service: 'ecs.amazonaws.com' }, 'sts:AssumeRole'),
    );
    expect(declared(spec, 'managedPolicies')).toEqual({
      attached: [
        awsPolicy('service-role/AmazonECSInfrastructureRolePolicyForVolumes'),
        awsPolicy('AmazonECSInfrastructureRolePolicyForLoadBalancers'),
      ],
    });
  });

  it.each([
    'volumes',
    'load-balancers',
    'service-connect-tls',
    'vpc-lattice',
    'managed-instances',
    'express-mode',
  ])('knows an existing policy for %s', (manages) => {
    expect(load('ecs-infrastructure', { manages }).faults).toEqual([]);
  });

  it('needs to know what', () => {
    expect(load('ecs-infrastructure').faults.map(({ place }) => place)).toEqual([
      'roles[0].preset.params.manages',
    ]);
  });
});

describe('batch-service', () => {
  const principal = { Service: 'batch.amazonaws.com' };

  it('trusts AWS Batch, for certain compute environments and their jobs where they are given', () => {
    expect(declared(load('batch-service'), 'trustPolicy')).toEqual(trusting(principal, 'sts:AssumeRole'));
    const environment = 'arn:aws:batch:us-east-1:123456789012:compute-environment/';
    const params = { computeEnvironmentArn: [`${environment}a`, `${environment}b`] };
    expect(declared(load('batch-service', params), 'trustPolicy')).toEqual(
      trusting(principal, 'sts:AssumeRole', {
        StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
        ArnLike: {
          'aws:SourceArn': [
            `${environment}a`,
            `${environment}b`,
            'arn:aws:batch:us-east-1:123456789012:job/*',
          ],
        },
      }),
    );
  });

  it('refuses what is no compute environment', () => {
    expect(load('batch-service', { computeEnvironmentArn: 'my-environment' }).faults[0]?.message).toContain(
      'must be the ARN of AWS Batch compute environments',
    );
  });
});

describe.each([
  ['lambda-basic-execution', 'service-role/AWSLambdaBasicExecutionRole'],
  ['lambda-vpc-execution', 'service-role/AWSLambdaVPCAccessExecutionRole'],
])('%s', (preset, policy) => {
  it('trusts Lambda and requires the guide’s policy and those that are given', () => {
    const spec = load(preset, { policies: [own] });
    expect(declared(spec, 'trustPolicy')).toEqual(
      trusting({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
    );
    expect(declared(spec, 'managedPolicies')).toMatchObject({ attached: [awsPolicy(policy), own] });
  });
});
