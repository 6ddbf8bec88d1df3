import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, ec2Trust } from './documents.ts';
import {
  cniPolicyParam,
  cniRules,
  minimalWorkerNodePolicy,
  registryPolicies,
  registryPolicyName,
  workerNodePolicy,
} from './eks-node-policies.ts';
import { managedPolicyArn, policyDocument } from './params.ts';

/** What the EKS Pod Identity Agent needs (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html). */
const minimalDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' }],
};

/**
 * A node role without AmazonEKSWorkerNodePolicy. What the EKS Pod Identity Agent needs comes from a policy of the
 * customer's own, which must grant `eks-auth:AssumeRoleForPodIdentity`.
 */
export const eksNodeRestricted = definePreset({
  name: 'eks-node-restricted',
  title: 'EKS: EC2 nodes with no more access than EKS Pod Identity needs',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
  params: z.strictObject({
    podIdentityPolicyArn: managedPolicyArn.check(
      z.describe(
        'The customer-managed policy that grants eks-auth:AssumeRoleForPodIdentity to the Pod Identity Agent.',
      ),
    ),
    podIdentityPolicyDocument: z.exactOptional(
      z
        .union([z.literal('minimal'), policyDocument])
        .check(
          z.describe(
            'What that policy must mean: a document, or `minimal` for eks-auth:AssumeRoleForPodIdentity and nothing else. Left out, its content is not compared.',
          ),
        ),
    ),
    minimalPolicy: z.exactOptional(
      z
        .enum(['allow', 'require'])
        .check(
          z.describe('Whether AmazonEKSWorkerNodeMinimalPolicy may be attached (default) or has to be.'),
        ),
    ),
    cniPolicy: cniPolicyParam,
    registryPolicy: z.exactOptional(
      registryPolicyName.check(
        z.describe(
          'Requires this policy for pulling images from Amazon ECR. Left out, either of the two may be there.',
        ),
      ),
    ),
  }),
  example: {
    roleName: 'eksRestrictedNodeRole',
    params: {
      podIdentityPolicyArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/eks-pod-identity-agent',
      minimalPolicy: 'allow',
      cniPolicy: 'report',
    },
  },
  expand: ({
    podIdentityPolicyArn,
    podIdentityPolicyDocument: content,
    minimalPolicy = 'allow',
    cniPolicy = 'report',
    registryPolicy,
  }) => {
    const document = content === 'minimal' ? minimalDocument : content;
    const cni = cniRules[cniPolicy];
    return {
      trustPolicy: ec2Trust,
      managedPolicies: {
        attached: [
          document === undefined ? podIdentityPolicyArn : { arn: podIdentityPolicyArn, document },
          ...(minimalPolicy === 'require' ? [minimalWorkerNodePolicy] : []),
          ...(registryPolicy === undefined ? [] : [awsManagedPolicy(registryPolicy)]),
          ...cni.attached,
        ],
        allowed: [
          ...(minimalPolicy === 'allow' ? [minimalWorkerNodePolicy] : []),
          ...(registryPolicy === undefined ? registryPolicies : []),
          ...cni.allowed,
        ],
        // It would undo the restriction.
        forbidden: [workerNodePolicy],
        advice: cni.advice,
      },
    };
  },
});
