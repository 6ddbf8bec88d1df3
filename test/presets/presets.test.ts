import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { aspects } from '../../shared/aspects/index.ts';
import { presets } from '../../shared/presets/index.ts';
import { formatFault } from '../../shared/spec/load-spec.ts';
import { declared, load } from './support.ts';

describe.each(presets.map((preset) => ({ ...preset, preset })))('preset $name', ({ preset }) => {
  it('has an example that is valid as it stands', () => {
    const { spec, faults } = load(preset.name, preset.example.params, preset.example.roleName);
    expect(faults.map(formatFault)).toEqual([]);
    expect(spec?.roles[0]?.aspects['trustPolicy']).toBeDefined();
  });

  it('declares only aspects that exist', () => {
    const known = aspects.map(({ name }) => name);
    for (const name of Object.keys(preset.expand(preset.example.params ?? {}))) expect(known).toContain(name);
  });

  it('names the guide that asks for it', () => {
    expect(preset.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  });

  it('explains every parameter', () => {
    const { properties = {} } = z.toJSONSchema(preset.params, { io: 'input', unrepresentable: 'any' });
    const descriptions = Object.values(properties).map((schema) =>
      typeof schema === 'boolean' ? undefined : schema.description,
    );
    for (const description of descriptions) expect(description).toMatch(/\.$/);
  });
});

it('preset names are unique', () => {
  expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
});

describe('eks-fargate-pod-execution', () => {
  const profile = 'arn:aws:eks:us-east-1:123456789012:fargateprofile/my-cluster/*';

  it('trusts EKS Fargate pods, of certain profiles where they are given', () => {
    expect(declared(load('eks-fargate-pod-execution'), 'trustPolicy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'eks-fargate-pods.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    });
    expect(
      declared(load('eks-fargate-pod-execution', { fargateProfileArn: profile }), 'trustPolicy'),
    ).toMatchObject({ Statement: [{ Condition: { ArnLike: { 'aws:SourceArn': profile } } }] });
  });

  it('refuses what is no Fargate profile', () => {
    expect(
      load('eks-fargate-pod-execution', { fargateProfileArn: 'my-profile' }).faults[0]?.message,
    ).toContain('must be the ARN of Fargate profiles');
    expect(load('eks-fargate-pod-execution', { fargateProfileArn: [] }).spec).toBeNull();
  });
});

describe('eks-node', () => {
  const cni = 'arn:${AWS::Partition}:iam::aws:policy/AmazonEKS_CNI_Policy';

  it('trusts EC2 under the name that it has in the role’s partition', () => {
    expect(declared(load('eks-node'), 'trustPolicy')).toMatchObject({
      Statement: [{ Principal: { Service: 'ec2.${AWS::URLSuffix}' }, Action: 'sts:AssumeRole' }],
    });
  });

  it('takes either registry policy, or the one that is asked for', () => {
    expect(declared(load('eks-node'), 'managedPolicies')).toMatchObject({
      attached: [
        expect.stringContaining('AmazonEKSWorkerNodePolicy'),
        {
          oneOf: [
            expect.stringContaining('AmazonEC2ContainerRegistryReadOnly'),
            expect.stringContaining('AmazonEC2ContainerRegistryPullOnly'),
          ],
        },
      ],
    });
    expect(
      declared(load('eks-node', { registryPolicy: 'AmazonEC2ContainerRegistryPullOnly' }), 'managedPolicies'),
    ).toMatchObject({
      attached: [
        expect.anything(),
        'arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly',
      ],
    });
  });

  it('reports the CNI policy with advice, allows it, or requires it', () => {
    expect(declared(load('eks-node'), 'managedPolicies')).toMatchObject({
      allowed: [],
    });
    expect(JSON.stringify(declared(load('eks-node'), 'managedPolicies'))).toContain(
      `"advice":{"${cni}":"Every pod`,
    );
    expect(declared(load('eks-node', { cniPolicy: 'allow' }), 'managedPolicies')).toMatchObject({
      allowed: [cni],
      advice: {},
    });
    expect(declared(load('eks-node', { cniPolicy: 'require' }), 'managedPolicies')).toMatchObject({
      attached: [expect.anything(), expect.anything(), cni],
    });
  });
});

describe('eks-node-restricted', () => {
  const podIdentityPolicyArn = 'arn:aws:iam::123456789012:policy/pod-identity';

  it('requires the given policy and forbids the worker node policy', () => {
    expect(declared(load('eks-node-restricted', { podIdentityPolicyArn }), 'managedPolicies')).toMatchObject({
      attached: [podIdentityPolicyArn],
      forbidden: ['arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy'],
      allowed: [
        expect.stringContaining('AmazonEKSWorkerNodeMinimalPolicy'),
        expect.stringContaining('AmazonEC2ContainerRegistryReadOnly'),
        expect.stringContaining('AmazonEC2ContainerRegistryPullOnly'),
      ],
    });
  });

  it('can require the minimal worker node policy', () => {
    expect(
      declared(
        load('eks-node-restricted', { podIdentityPolicyArn, minimalPolicy: 'require' }),
        'managedPolicies',
      ),
    ).toMatchObject({
      attached: [podIdentityPolicyArn, expect.stringContaining('AmazonEKSWorkerNodeMinimalPolicy')],
    });
  });

  it('can say what that policy must mean', () => {
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' }],
    };
    for (const podIdentityPolicyDocument of ['minimal', document])
      expect(
        declared(
          load('eks-node-restricted', { podIdentityPolicyArn, podIdentityPolicyDocument }),
          'managedPolicies',
        ),
      ).toMatchObject({ attached: [{ arn: podIdentityPolicyArn, document }] });
  });

  it('needs to know the policy', () => {
    expect(load('eks-node-restricted').faults.map(({ place }) => place)).toEqual([
      'roles[0].preset.params.podIdentityPolicyArn',
    ]);
  });
});

describe('eks-pod-identity', () => {
  it('can ask for the associations themselves, one for each service account', () => {
    const params = { cluster: 'shop', namespace: ['a', 'b'], serviceAccount: 'web', associate: true };
    expect(declared(load('eks-pod-identity', params), 'podIdentityAssociations')).toEqual([
      { cluster: 'shop', namespace: 'a', serviceAccount: 'web' },
      { cluster: 'shop', namespace: 'b', serviceAccount: 'web' },
    ]);
    expect(load('eks-pod-identity', { associate: true }).faults.map(({ message }) => message)).toEqual([
      expect.stringContaining('needs cluster, namespace and serviceAccount, too'),
    ]);
  });

  it('trusts Pod Identity, for all pods or for those that the conditions name', () => {
    expect(declared(load('eks-pod-identity'), 'trustPolicy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
        },
      ],
    });
    const clusterArn = 'arn:aws:eks:us-east-1:123456789012:cluster/c';
    expect(
      declared(
        load('eks-pod-identity', { clusterArn, cluster: 'c', namespace: ['n', 'm'], serviceAccount: 's' }),
        'trustPolicy',
      ),
    ).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              'aws:RequestTag/eks-cluster-arn': clusterArn,
              'aws:RequestTag/eks-cluster-name': 'c',
              'aws:RequestTag/kubernetes-namespace': ['n', 'm'],
              'aws:RequestTag/kubernetes-service-account': 's',
            },
          },
        },
      ],
    });
  });

  it('leaves attachments uncompared until policies are given', () => {
    expect(declared(load('eks-pod-identity'), 'managedPolicies')).toBeUndefined();
    expect(declared(load('eks-pod-identity', { policies: [] }), 'managedPolicies')).toEqual({ attached: [] });
  });
});

describe('ecs-task-execution', () => {
  it('is the same role as batch-execution', () => {
    expect(load('ecs-task-execution').spec?.version).toBe(load('batch-execution').spec?.version);
    expect(declared(load('batch-execution'), 'managedPolicies')).toEqual({
      attached: ['arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],
    });
  });
});
