import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, ec2Trust } from './documents.ts';
import { minimalWorkerNodePolicy } from './eks-node-policies.ts';

export const eksAutoNode = definePreset({
  name: 'eks-auto-node',
  title: 'EKS: nodes of a cluster in Auto Mode',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html',
  note: 'In China the guide of the China Regions prints ec2.amazonaws.com. We declare ec2.amazonaws.com.cn, which EKS there demands of managed node groups; for Auto Mode we have seen no proof.',
  params: z.strictObject({}),
  example: { roleName: 'AmazonEKSAutoNodeRole' },
  expand: () => ({
    trustPolicy: ec2Trust,
    managedPolicies: {
      attached: [minimalWorkerNodePolicy, awsManagedPolicy('AmazonEC2ContainerRegistryPullOnly')],
    },
  }),
});
