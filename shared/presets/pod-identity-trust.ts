import * as z from 'zod/mini';

import type { JsonObject } from '../model.ts';
import { trustDocument } from './documents.ts';
import { clusterArn, kubernetesName, oneOrMore } from './params.ts';

/** Parameters that narrow EKS Pod Identity's access to the role. */
export const podIdentityParams = {
  clusterArn: z.exactOptional(
    oneOrMore(clusterArn).check(z.describe('Only pods of these clusters, by ARN; the safest choice.')),
  ),
  cluster: z.exactOptional(
    oneOrMore(kubernetesName).check(z.describe('Only pods of clusters with these names.')),
  ),
  namespace: z.exactOptional(
    oneOrMore(kubernetesName).check(z.describe('Only pods in these Kubernetes namespaces.')),
  ),
  serviceAccount: z.exactOptional(
    oneOrMore(kubernetesName).check(z.describe('Only pods with these Kubernetes service accounts.')),
  ),
};

const params = z.object(podIdentityParams);

/**
 * EKS Pod Identity may assume the role, for all pods or for those that the conditions name. The conditions are on the
 * session tags that Pod Identity sends (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html and
 * pod-id-abac.html): an association with session tags disabled can then no longer assume the role.
 */
export function podIdentityTrust(only: z.infer<typeof params>): JsonObject {
  const tags = [
    ['eks-cluster-arn', only.clusterArn],
    ['eks-cluster-name', only.cluster],
    ['kubernetes-namespace', only.namespace],
    ['kubernetes-service-account', only.serviceAccount],
  ] as const;
  const conditions = Object.fromEntries(
    tags.flatMap(([tag, values]) => (values === undefined ? [] : [[`aws:RequestTag/${tag}`, values]])),
  );
  return trustDocument(
    { Service: 'pods.eks.amazonaws.com' },
    ['sts:AssumeRole', 'sts:TagSession'],
    Object.keys(conditions).length === 0 ? {} : { StringEquals: conditions },
  );
}
