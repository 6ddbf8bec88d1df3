import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy } from './documents.ts';
import {
  eitherIrsaOrPodIdentity,
  serviceAccountParams,
  serviceAccountTrust,
} from './service-account-trust.ts';

// The driver's controller and its nodes have an account each; with IRSA the guide lets both in by a wildcard.
const usual = { namespace: 'kube-system', serviceAccount: 'efs-csi-*' };

export const eksEfsCsiDriver = definePreset({
  name: 'eks-efs-csi-driver',
  title: 'EKS: the Amazon EFS CSI driver, by EKS Pod Identity or by an OIDC provider (IRSA)',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html',
  params: z.strictObject(serviceAccountParams(usual)).check(...eitherIrsaOrPodIdentity),
  example: {
    roleName: 'AmazonEKS_EFS_CSI_DriverRole',
    params: { cluster: 'my-cluster', namespace: 'kube-system', serviceAccount: 'efs-csi-controller-sa' },
  },
  expand: (params) => ({
    trustPolicy: serviceAccountTrust(usual, params),
    managedPolicies: { attached: [awsManagedPolicy('service-role/AmazonEFSCSIDriverPolicy')] },
  }),
});
