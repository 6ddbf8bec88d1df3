import * as z from 'zod/mini';

import { awsManagedPolicy } from './documents.ts';

export const workerNodePolicy = awsManagedPolicy('AmazonEKSWorkerNodePolicy');
export const minimalWorkerNodePolicy = awsManagedPolicy('AmazonEKSWorkerNodeMinimalPolicy');
const cniPolicy = awsManagedPolicy('AmazonEKS_CNI_Policy');

const registryPolicyNames = [
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEC2ContainerRegistryPullOnly',
] as const;

export const registryPolicies = registryPolicyNames.map(awsManagedPolicy);

export const registryPolicyName = z.enum(registryPolicyNames);

export const cniPolicyParam = z.exactOptional(
  z
    .enum(['report', 'allow', 'require'])
    .check(
      z.describe(
        'What to think of AmazonEKS_CNI_Policy on the node role. The guide recommends a role of its own for the VPC CNI: report it (default), allow it, or require it.',
      ),
    ),
);

const cniAdvice =
  'Every pod on the node can use this policy. AWS recommends to attach it to a role of its own for the VPC CNI (preset eks-vpc-cni) and to detach it here afterwards. To keep it here, set the preset parameter cniPolicy to allow';

/** How AmazonEKS_CNI_Policy on a node role is declared: a share of `managedPolicies`. */
export const cniRules = {
  report: { attached: [], allowed: [], advice: { [cniPolicy]: cniAdvice } },
  allow: { attached: [], allowed: [cniPolicy], advice: {} },
  require: { attached: [cniPolicy], allowed: [], advice: {} },
} as const;
