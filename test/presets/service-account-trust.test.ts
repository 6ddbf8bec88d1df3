import { describe, expect, it } from 'vitest';

import { awsPolicy, declared, load, trusting } from './support.ts';

const oidcProvider = 'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const federated = (issuer: string) => ({
  Federated: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${issuer}`,
});

describe.each([
  ['eks-vpc-cni', 'aws-node'],
  ['eks-ebs-csi-driver', 'ebs-csi-controller-sa'],
  ['eks-load-balancer-controller', 'aws-load-balancer-controller'],
])('%s', (preset, serviceAccount) => {
  it('trusts the OIDC provider for the service account that the guide names', () => {
    expect(declared(load(preset, { oidcProvider }), 'trustPolicy')).toEqual(
      trusting(federated(oidcProvider), 'sts:AssumeRoleWithWebIdentity', {
        StringEquals: {
          [`${oidcProvider}:aud`]: 'sts.amazonaws.com',
          [`${oidcProvider}:sub`]: `system:serviceaccount:kube-system:${serviceAccount}`,
        },
      }),
    );
  });

  it('trusts the service account that is given, and the audience', () => {
    const params = { oidcProvider, namespace: 'n', serviceAccount: 's', audience: 'sts.amazonaws.com.cn' };
    expect(declared(load(preset, params), 'trustPolicy')).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              [`${oidcProvider}:aud`]: 'sts.amazonaws.com.cn',
              [`${oidcProvider}:sub`]: 'system:serviceaccount:n:s',
            },
          },
        },
      ],
    });
  });

  it('trusts the providers of several clusters, each by a statement of its own', () => {
    const other = 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER';
    const trust = declared(load(preset, { oidcProvider: [oidcProvider, other] }), 'trustPolicy');
    expect(trust).toMatchObject({
      Statement: [{ Principal: federated(oidcProvider) }, { Principal: federated(other) }],
    });
    expect(JSON.stringify(trust)).not.toContain('StringLike');
  });

  it('trusts Pod Identity where no provider is given', () => {
    expect(declared(load(preset, {}), 'trustPolicy')).toEqual(
      trusting({ Service: 'pods.eks.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']),
    );
    expect(declared(load(preset, { cluster: 'c', serviceAccount: 's' }), 'trustPolicy')).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              'aws:RequestTag/eks-cluster-name': 'c',
              'aws:RequestTag/kubernetes-service-account': 's',
            },
          },
        },
      ],
    });
  });

  it('refuses a mixture of both, and what is no issuer', () => {
    const message = (params: object) => load(preset, params).faults[0]?.message;
    expect(message({ oidcProvider, cluster: 'c' })).toContain('already stands for one cluster');
    expect(message({ audience: 'sts.amazonaws.com' })).toContain('Pod Identity has none');
    expect(message({ oidcProvider: `https://${oidcProvider}` })).toContain('without https://');
    expect(message({ oidcProvider: 'oidc.eks.us-east-1.amazonaws.com/id/*' })).toContain('without https://');
    expect(message({ oidcProvider, serviceAccount: '*' })).toContain('must be a name');
    expect(load(preset, { oidcProvider: [] }).spec).toBeNull();
  });
});

describe('eks-efs-csi-driver', () => {
  it('lets in the controller and the nodes with IRSA, by the guide’s operator', () => {
    expect(declared(load('eks-efs-csi-driver', { oidcProvider }), 'trustPolicy')).toEqual(
      trusting(federated(oidcProvider), 'sts:AssumeRoleWithWebIdentity', {
        StringLike: {
          [`${oidcProvider}:aud`]: 'sts.amazonaws.com',
          [`${oidcProvider}:sub`]: 'system:serviceaccount:kube-system:efs-csi-*',
        },
      }),
    );
  });

  it('compares exactly where one service account is given', () => {
    const params = { oidcProvider, serviceAccount: 'efs-csi-controller-sa' };
    expect(declared(load('eks-efs-csi-driver', params), 'trustPolicy')).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              [`${oidcProvider}:sub`]: 'system:serviceaccount:kube-system:efs-csi-controller-sa',
            },
          },
        },
      ],
    });
  });

  it('requires the driver’s policy, under its path', () => {
    expect(declared(load('eks-efs-csi-driver'), 'managedPolicies')).toEqual({
      attached: [awsPolicy('service-role/AmazonEFSCSIDriverPolicy')],
    });
  });
});

describe('eks-ebs-csi-driver', () => {
  it('takes any of the driver’s policies, or the one that is asked for, and more', () => {
    expect(declared(load('eks-ebs-csi-driver'), 'managedPolicies')).toEqual({
      attached: [
        {
          oneOf: [
            awsPolicy('service-role/AmazonEBSCSIDriverPolicy'),
            awsPolicy('AmazonEBSCSIDriverPolicyV2'),
            awsPolicy('AmazonEBSCSIDriverEKSClusterScopedPolicy'),
          ],
        },
      ],
    });
    const kms = 'arn:aws:iam::123456789012:policy/kms';
    const params = { driverPolicy: 'AmazonEBSCSIDriverPolicyV2', policies: [kms] };
    expect(declared(load('eks-ebs-csi-driver', params), 'managedPolicies')).toEqual({
      attached: [awsPolicy('AmazonEBSCSIDriverPolicyV2'), kms],
    });
  });
});

describe('eks-load-balancer-controller', () => {
  it('requires the policy of the guide’s name, or another', () => {
    expect(declared(load('eks-load-balancer-controller'), 'managedPolicies')).toEqual({
      attached: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/AWSLoadBalancerControllerIAMPolicy'],
    });
    const policyArn = 'arn:aws:iam::123456789012:policy/lbc';
    expect(declared(load('eks-load-balancer-controller', { policyArn }), 'managedPolicies')).toEqual({
      attached: [policyArn],
    });
  });
});

it('eks-vpc-cni requires the plugin’s policy', () => {
  expect(declared(load('eks-vpc-cni'), 'managedPolicies')).toEqual({
    attached: [awsPolicy('AmazonEKS_CNI_Policy')],
  });
});
