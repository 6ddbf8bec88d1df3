import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, ec2Trust } from './documents.ts';
import {
  cniPolicyParam,
  cniRules,
  registryPolicies,
  registryPolicyName,
  workerNodePolicy,
} from './eks-node-policies.ts';

/** The role of an EKS cluster's EC2 nodes. */
export const eksNode = definePreset({
  name: 'eks-node',
  title: 'EKS: EC2 nodes of a cluster',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
  params: z.strictObject({
    cniPolicy: cniPolicyParam,
    registryPolicy: z.exactOptional(
      registryPolicyName.check(
        z.describe(
          'Exactly this policy for pulling images from Amazon ECR. Left out, either of the two is right, and the first is attached when both are missing.',
        ),
      ),
    ),
  }),
  example: { roleName: 'eksNodeRole', params: { cniPolicy: 'report' } },
  expand: ({ cniPolicy = 'report', registryPolicy }) => {
    const cni = cniRules[cniPolicy];
    return {
      trustPolicy: ec2Trust,
      managedPolicies: {
        attached: [
          workerNodePolicy,
          registryPolicy === undefined ? { oneOf: registryPolicies } : awsManagedPolicy(registryPolicy),
          ...cni.attached,
        ],
        allowed: cni.allowed,
        advice: cni.advice,
      },
    };
  },
});
