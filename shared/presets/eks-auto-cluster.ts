import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { furtherPolicies } from './params.ts';

/** A cluster in Auto Mode, which makes nodes, volumes and load balancers itself. It tags its sessions. */
export const eksAutoCluster = definePreset({
  name: 'eks-auto-cluster',
  title: 'EKS: a cluster in Auto Mode',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html',
  note: 'In December 2024 IAM in China did not have these policies (terraform-aws-eks issue 3259). The guide of the China Regions names them now; we have seen no proof.',
  params: z.strictObject({ policies: furtherPolicies }),
  example: { roleName: 'AmazonEKSAutoClusterRole' },
  expand: ({ policies = [] }) => ({
    trustPolicy: trustDocument({ Service: 'eks.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']),
    managedPolicies: {
      attached: [
        awsManagedPolicy('AmazonEKSClusterPolicy'),
        awsManagedPolicy('AmazonEKSComputePolicy'),
        // The guide names the first; AWS describes the second as for the same role.
        {
          oneOf: ['AmazonEKSBlockStoragePolicy', 'AmazonEKSBlockStoragePolicyV2'].map(awsManagedPolicy),
        },
        awsManagedPolicy('AmazonEKSLoadBalancingPolicy'),
        awsManagedPolicy('AmazonEKSNetworkingPolicy'),
        ...policies,
      ],
    },
  }),
});
