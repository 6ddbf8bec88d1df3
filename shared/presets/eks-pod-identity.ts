import * as z from 'zod/mini';

import type { JsonObject } from '../model.ts';
import { definePreset } from './define.ts';
import { ownPolicies } from './params.ts';
import { podIdentityParams, podIdentityTrust } from './pod-identity-trust.ts';

/** The role of a workload on EKS, given to its pods by EKS Pod Identity. */
export const eksPodIdentity = definePreset({
  name: 'eks-pod-identity',
  title: 'EKS: a workload that gets its role by EKS Pod Identity',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html',
  note: 'In China the service principal is named by the guide of the China Regions only; we have seen no proof.',
  params: z
    .strictObject({
      ...podIdentityParams,
      policies: ownPolicies,
      associate: z.exactOptional(
        z
          .boolean()
          .check(
            z.describe(
              'Whether the role must be associated with those service accounts of those clusters, and no others there.',
            ),
          ),
      ),
    })
    .check(
      z.refine(
        ({ associate, cluster, namespace, serviceAccount }) =>
          associate !== true || [cluster, namespace, serviceAccount].every((one) => one !== undefined),
        { path: ['associate'], message: 'needs cluster, namespace and serviceAccount, too' },
      ),
    ),
  example: {
    roleName: 'my-workload',
    params: {
      cluster: 'my-cluster',
      namespace: 'default',
      serviceAccount: 'my-service-account',
      policies: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/my-policy'],
    },
  },
  expand: ({ policies, associate = false, ...only }) => ({
    trustPolicy: podIdentityTrust(only),
    ...(policies === undefined ? {} : { managedPolicies: { attached: policies } }),
    ...(associate && { podIdentityAssociations: associationsOf(only) }),
  }),
});

type Names = string | readonly string[];

/** Every service account of every namespace of every cluster that is named. */
function associationsOf(only: {
  readonly cluster?: Names;
  readonly namespace?: Names;
  readonly serviceAccount?: Names;
}): JsonObject[] {
  return listOf(only.cluster).flatMap((cluster) =>
    listOf(only.namespace).flatMap((namespace) =>
      listOf(only.serviceAccount).map((serviceAccount) => ({ cluster, namespace, serviceAccount })),
    ),
  );
}

function listOf(names: Names = []): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}
