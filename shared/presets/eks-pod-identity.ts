import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { ownPolicies } from './params.ts';
import { podIdentityParams, podIdentityTrust } from './pod-identity-trust.ts';

/** The role of a workload on EKS, given to its pods by EKS Pod Identity. */
export const eksPodIdentity = definePreset({
  name: 'eks-pod-identity',
  title: 'EKS: a workload that gets its role by EKS Pod Identity',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html',
  note: 'In China the service principal is named by the guide of the China Regions only; we have seen no proof.',
  params: z.strictObject({
    ...podIdentityParams,
    policies: ownPolicies,
  }),
  example: {
    roleName: 'my-workload',
    params: {
      cluster: 'my-cluster',
      namespace: 'default',
      serviceAccount: 'my-service-account',
      policies: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/my-policy'],
    },
  },
  expand: ({ policies, ...only }) => ({
    trustPolicy: podIdentityTrust(only),
    ...(policies === undefined ? {} : { managedPolicies: { attached: policies } }),
  }),
});
