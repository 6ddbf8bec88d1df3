import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy } from './documents.ts';
import { furtherPolicies } from './params.ts';
import {
  eitherIrsaOrPodIdentity,
  serviceAccountParams,
  serviceAccountTrust,
} from './service-account-trust.ts';

const usual = { namespace: 'kube-system', serviceAccount: 'ebs-csi-controller-sa' };

// The guide names the first. The other two do the same within narrower bounds (volumes that the driver made; volumes of
// one cluster), so none of them is drift.
const driverPolicies = [
  'service-role/AmazonEBSCSIDriverPolicy',
  'AmazonEBSCSIDriverPolicyV2',
  'AmazonEBSCSIDriverEKSClusterScopedPolicy',
] as const;

export const eksEbsCsiDriver = definePreset({
  name: 'eks-ebs-csi-driver',
  title: 'EKS: the Amazon EBS CSI driver, by EKS Pod Identity or by an OIDC provider (IRSA)',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html',
  params: z
    .strictObject({
      ...serviceAccountParams(usual),
      driverPolicy: z.exactOptional(
        z
          .enum(driverPolicies)
          .check(
            z.describe(
              'Exactly this policy. Left out, any of the three is right, and the first is attached when all are missing.',
            ),
          ),
      ),
      policies: furtherPolicies,
    })
    .check(...eitherIrsaOrPodIdentity),
  example: {
    roleName: 'AmazonEKS_EBS_CSI_DriverRole',
    params: {
      oidcProvider: 'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
      policies: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/KMS_Key_For_Encryption_On_EBS_Policy'],
    },
  },
  expand: ({ driverPolicy, policies = [], ...params }) => ({
    trustPolicy: serviceAccountTrust(usual, params),
    managedPolicies: {
      attached: [
        driverPolicy === undefined
          ? { oneOf: driverPolicies.map(awsManagedPolicy) }
          : awsManagedPolicy(driverPolicy),
        ...policies,
      ],
    },
  }),
});
