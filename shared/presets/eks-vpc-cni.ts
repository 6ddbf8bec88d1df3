import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { kubernetesName } from './params.ts';
import { podIdentityParams, podIdentityTrust } from './pod-identity-trust.ts';

/** The VPC CNI's own role, so that the nodes' role, which every pod can use, need not hold its policy. */
export const eksVpcCni = definePreset({
  name: 'eks-vpc-cni',
  title: 'EKS: the Amazon VPC CNI plugin, by EKS Pod Identity or by an OIDC provider (IRSA)',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html',
  params: z
    .strictObject({
      oidcProvider: z.exactOptional(
        z
          .string()
          .check(
            z.regex(
              /^[0-9A-Za-z.-]+\/\S+$/,
              'must be the cluster’s issuer without https://, such as oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
            ),
            z.describe(
              'The cluster’s OIDC issuer without https:// (IRSA). Left out, the role is for EKS Pod Identity.',
            ),
          ),
      ),
      namespace: z.exactOptional(
        kubernetesName.check(z.describe('The plugin’s Kubernetes namespace; kube-system with IRSA.')),
      ),
      serviceAccount: z.exactOptional(
        kubernetesName.check(z.describe('The plugin’s service account; aws-node with IRSA.')),
      ),
      cluster: podIdentityParams.cluster,
      clusterArn: podIdentityParams.clusterArn,
    })
    .check(
      z.refine(
        ({ oidcProvider, cluster, clusterArn }) =>
          oidcProvider === undefined || (cluster === undefined && clusterArn === undefined),
        'oidcProvider already stands for one cluster: cluster and clusterArn are for EKS Pod Identity',
      ),
    ),
  example: {
    roleName: 'AmazonEKSVPCCNIRole',
    params: {
      oidcProvider: 'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
      namespace: 'kube-system',
      serviceAccount: 'aws-node',
    },
  },
  expand: ({ oidcProvider, ...params }) => ({
    trustPolicy:
      oidcProvider === undefined
        ? podIdentityTrust(params)
        : trustDocument(
            {
              Federated: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${oidcProvider}`,
            },
            'sts:AssumeRoleWithWebIdentity',
            {
              StringEquals: {
                [`${oidcProvider}:aud`]: 'sts.amazonaws.com',
                [`${oidcProvider}:sub`]: `system:serviceaccount:${params.namespace ?? 'kube-system'}:${params.serviceAccount ?? 'aws-node'}`,
              },
            },
          ),
    managedPolicies: { attached: [awsManagedPolicy('AmazonEKS_CNI_Policy')] },
  }),
});
