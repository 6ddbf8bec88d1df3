import * as z from 'zod/mini';

import type { JsonObject } from '../model.ts';
import { trustStatements, webIdentityStatement } from './documents.ts';
import { kubernetesName, oneOrMore } from './params.ts';
import { podIdentityParams, podIdentityTrust } from './pod-identity-trust.ts';

/** Where AWS's guide puts an add-on's Kubernetes service account. With IRSA `serviceAccount` may hold wildcards. */
interface UsualPlace {
  readonly namespace: string;
  readonly serviceAccount: string;
}

// The audience names who issues the credentials, not an endpoint: it is sts.amazonaws.com in China too
// (https://github.com/eksctl-io/eksctl/issues/1910, https://github.com/terraform-aws-modules/terraform-aws-eks/issues/1704).
const usualAudience = 'sts.amazonaws.com';

const issuer = z
  .string()
  .check(
    z.regex(
      /^[0-9A-Za-z.-]+\/[^\s$*?]+$/,
      'must be the cluster’s issuer without https://, such as oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
    ),
  );

/** Parameters of an add-on that gets its role by EKS Pod Identity or by an OIDC provider (IRSA). */
export function serviceAccountParams(usual: UsualPlace) {
  return {
    oidcProvider: z.exactOptional(
      oneOrMore(issuer).check(
        z.describe(
          'The cluster’s OIDC issuer without https:// (IRSA), or those of several clusters. Left out, the role is for EKS Pod Identity.',
        ),
      ),
    ),
    audience: z.exactOptional(
      z
        .string()
        .check(
          z.regex(/^[^\s$*?]+$/, 'must be an audience, such as sts.amazonaws.com'),
          z.describe(
            `With IRSA: the audience that is registered with the OIDC provider; ${usualAudience} in every partition unless you chose another.`,
          ),
        ),
    ),
    namespace: z.exactOptional(
      kubernetesName.check(z.describe(`The Kubernetes namespace; ${usual.namespace} with IRSA.`)),
    ),
    serviceAccount: z.exactOptional(
      kubernetesName.check(z.describe(`The Kubernetes service account; ${usual.serviceAccount} with IRSA.`)),
    ),
    cluster: podIdentityParams.cluster,
    clusterArn: podIdentityParams.clusterArn,
  };
}

interface ServiceAccount {
  readonly oidcProvider?: string | string[];
  readonly audience?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly cluster?: string | string[];
  readonly clusterArn?: string | string[];
}

/** Parameters of IRSA and of Pod Identity do not mix. */
export const eitherIrsaOrPodIdentity = [
  z.refine<ServiceAccount>(
    ({ oidcProvider, cluster, clusterArn }) =>
      oidcProvider === undefined || (cluster === undefined && clusterArn === undefined),
    'oidcProvider already stands for one cluster: cluster and clusterArn are for EKS Pod Identity',
  ),
  z.refine<ServiceAccount>(
    ({ oidcProvider, audience }) => audience === undefined || oidcProvider !== undefined,
    'audience is for an OIDC provider: EKS Pod Identity has none',
  ),
] as const;

/** Who may assume the role of an add-on: with IRSA one service account, with Pod Identity whoever the parameters name. */
export function serviceAccountTrust(usual: UsualPlace, params: ServiceAccount): JsonObject {
  const { oidcProvider, audience = usualAudience, ...only } = params;
  if (oidcProvider === undefined) return podIdentityTrust(only);
  const { namespace, serviceAccount } = { ...usual, ...only };
  // Over both claims, as in the guide of the EFS CSI driver: operators are never folded, so it must be that one.
  const operator = serviceAccount.includes('*') ? 'StringLike' : 'StringEquals';
  return trustStatements(
    [oidcProvider].flat().map((provider) =>
      webIdentityStatement(provider, {
        [operator]: {
          [`${provider}:aud`]: audience,
          [`${provider}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        },
      }),
    ),
  );
}
