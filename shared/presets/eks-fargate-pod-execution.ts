import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { fargateProfileArn, oneOrMore } from './params.ts';

/** The role with which EKS starts pods on Fargate: pulls their images, registers the node. */
export const eksFargatePodExecution = definePreset({
  name: 'eks-fargate-pod-execution',
  title: 'EKS: starts pods on AWS Fargate',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html',
  params: z.strictObject({
    fargateProfileArn: z.exactOptional(
      oneOrMore(fargateProfileArn).check(
        z.describe(
          'Only for these Fargate profiles (aws:SourceArn), which the guide recommends against the confused deputy. May hold * and ?.',
        ),
      ),
    ),
  }),
  example: {
    roleName: 'AmazonEKSFargatePodExecutionRole',
    params: {
      fargateProfileArn: 'arn:${AWS::Partition}:eks:us-east-1:${AWS::AccountId}:fargateprofile/my-cluster/*',
    },
  },
  expand: ({ fargateProfileArn: profiles }) => ({
    trustPolicy: trustDocument(
      { Service: 'eks-fargate-pods.amazonaws.com' },
      'sts:AssumeRole',
      profiles === undefined ? {} : { ArnLike: { 'aws:SourceArn': profiles } },
    ),
    managedPolicies: { attached: [awsManagedPolicy('AmazonEKSFargatePodExecutionRolePolicy')] },
  }),
});
