import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { managedPolicyArn } from './params.ts';

// For security groups for Pods: https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html
const vpcResourceController = awsManagedPolicy('AmazonEKSVPCResourceController');

export const eksCluster = definePreset({
  name: 'eks-cluster',
  title: 'EKS: a cluster (without Auto Mode)',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html',
  params: z.strictObject({
    customPolicyArn: z.exactOptional(
      managedPolicyArn.check(
        z.describe('A policy of your own in place of AmazonEKSClusterPolicy; the guide has its minimum.'),
      ),
    ),
    vpcResourceController: z.exactOptional(
      z
        .enum(['report', 'allow', 'require'])
        .check(
          z.describe(
            'What to think of AmazonEKSVPCResourceController, which security groups for Pods need: report it (default), allow it, or require it.',
          ),
        ),
    ),
  }),
  example: { roleName: 'eksClusterRole', params: { vpcResourceController: 'allow' } },
  expand: ({ customPolicyArn, vpcResourceController: controller = 'report' }) => ({
    trustPolicy: trustDocument({ Service: 'eks.amazonaws.com' }, 'sts:AssumeRole'),
    managedPolicies: {
      attached: [
        customPolicyArn ?? awsManagedPolicy('AmazonEKSClusterPolicy'),
        ...(controller === 'require' ? [vpcResourceController] : []),
      ],
      allowed: controller === 'allow' ? [vpcResourceController] : [],
    },
  }),
});
