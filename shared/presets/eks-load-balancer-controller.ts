import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { managedPolicyArn } from './params.ts';
import {
  eitherIrsaOrPodIdentity,
  serviceAccountParams,
  serviceAccountTrust,
} from './service-account-trust.ts';

const usual = { namespace: 'kube-system', serviceAccount: 'aws-load-balancer-controller' };

const controllerPolicy =
  'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/AWSLoadBalancerControllerIAMPolicy';

/** AWS publishes the controller's policy as a file, to be made a customer-managed policy. */
export const eksLoadBalancerController = definePreset({
  name: 'eks-load-balancer-controller',
  title: 'EKS: the AWS Load Balancer Controller, by EKS Pod Identity or by an OIDC provider (IRSA)',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/lbc-manifest.html',
  note: 'The policy is your own, made of the controller’s iam_policy.json; China and GovCloud have files of their own (iam_policy_cn.json, iam_policy_us-gov.json).',
  params: z
    .strictObject({
      ...serviceAccountParams(usual),
      policyArn: z.exactOptional(
        managedPolicyArn.check(
          z.describe(
            'The customer-managed policy with the controller’s permissions. Left out, AWSLoadBalancerControllerIAMPolicy of this account, as in the guide.',
          ),
        ),
      ),
    })
    .check(...eitherIrsaOrPodIdentity),
  example: {
    roleName: 'AmazonEKSLoadBalancerControllerRole',
    params: { oidcProvider: 'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE' },
  },
  expand: ({ policyArn = controllerPolicy, ...params }) => ({
    trustPolicy: serviceAccountTrust(usual, params),
    managedPolicies: { attached: [policyArn] },
  }),
});
