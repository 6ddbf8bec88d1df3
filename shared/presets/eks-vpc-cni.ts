import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy } from './documents.ts';
import {
  eitherIrsaOrPodIdentity,
  serviceAccountParams,
  serviceAccountTrust,
} from './service-account-trust.ts';

const usual = { namespace: 'kube-system', serviceAccount: 'aws-node' };

/** The VPC CNI's own role, so that the nodes' role, which every pod can use, need not hold its policy. */
export const eksVpcCni = definePreset({
  name: 'eks-vpc-cni',
  title: 'EKS: the Amazon VPC CNI plugin, by EKS Pod Identity or by an OIDC provider (IRSA)',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html',
  params: z.strictObject(serviceAccountParams(usual)).check(...eitherIrsaOrPodIdentity),
  example: {
    roleName: 'AmazonEKSVPCCNIRole',
    params: {
      oidcProvider: 'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
      namespace: 'kube-system',
      serviceAccount: 'aws-node',
    },
  },
  expand: (params) => ({
    trustPolicy: serviceAccountTrust(usual, params),
    managedPolicies: { attached: [awsManagedPolicy('AmazonEKS_CNI_Policy')] },
  }),
});
