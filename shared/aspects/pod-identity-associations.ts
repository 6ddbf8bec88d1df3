import * as z from 'zod/mini';

import { defineAspect } from './define.ts';
import type { ChangeDraft } from './definition.ts';
import { jsonObject } from './json-schema.ts';
import { absent, changed, pathOf, undeclared } from './pod-identity-differences.ts';
import { type Association, associationSchema, readAssociations } from './pod-identity-reads.ts';
import {
  type Correction,
  correctAssociation,
  createAssociation,
  deleteAssociation,
} from './pod-identity-reverts.ts';
import {
  associationFaults,
  associationsSchema,
  clustersOf,
  type DeclaredAssociation,
  placeOf,
} from './pod-identity-schema.ts';

const clusterSchema = z.object({ region: z.nullable(z.string()), cluster: z.string() });

const observed = z.object({
  roleArn: z.string(),
  /** The declared clusters. */
  clusters: z.array(clusterSchema),
  /** Those of them that do not exist. */
  missingClusters: z.array(clusterSchema),
  /** Of the declared clusters: those with this role, and those of the declared service accounts. */
  associations: z.array(associationSchema),
});

type Observed = z.infer<typeof observed>;

/**
 * Which Kubernetes service accounts get the role, by EKS Pod Identity. All associations of the declared clusters are
 * read; those of other clusters are not seen.
 */
export const podIdentityAssociations = defineAspect<DeclaredAssociation[], Observed>({
  name: 'podIdentityAssociations',
  docs: {
    watched: 'which EKS service accounts get the role by EKS Pod Identity, in the clusters that are declared',
    neverReverted:
      'an association that an add-on owns (use UpdateAddon), an external id, a cluster that is gone; clusters that are not declared are not seen',
  },
  schema: associationsSchema,
  observed,
  triggers: [
    {
      eventSource: 'eks.amazonaws.com',
      eventNames: ['CreatePodIdentityAssociation'],
      // It names the role that is handed out, and that role is looked at; the service account may be another role's.
      concerns: ({ region, requestParameters: { clusterName, namespace, serviceAccount } }, declared) =>
        declared.some(
          (one) =>
            isIn(one, region, clusterName) &&
            one.namespace === namespace &&
            one.serviceAccount === serviceAccount,
        ),
    },
    {
      eventSource: 'eks.amazonaws.com',
      // These name the association by its id: any role with associations in that cluster may be concerned.
      eventNames: ['DeletePodIdentityAssociation', 'UpdatePodIdentityAssociation'],
      concerns: ({ region, requestParameters: { clusterName } }, declared) =>
        declared.some((one) => isIn(one, region, clusterName)),
    },
  ],
  actions: {
    observe: ['iam:GetRole', 'eks:ListPodIdentityAssociations', 'eks:DescribePodIdentityAssociation'],
    revert: [
      'eks:CreatePodIdentityAssociation',
      'eks:UpdatePodIdentityAssociation',
      'eks:DeletePodIdentityAssociation',
    ],
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
  readGrants: (declared) =>
    declared.length === 0
      ? []
      : [
          { actions: ['eks:ListPodIdentityAssociations'], resources: arnsOf(declared, 'cluster') },
          { actions: ['eks:DescribePodIdentityAssociation'], resources: arnsOf(declared, 'associations') },
        ],
  grants: (declared) =>
    declared.length === 0
      ? []
      : [
          { actions: ['eks:CreatePodIdentityAssociation'], resources: arnsOf(declared, 'cluster') },
          {
            actions: ['eks:DeletePodIdentityAssociation', 'eks:UpdatePodIdentityAssociation'],
            resources: arnsOf(declared, 'associations'),
          },
          // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html: whoever associates a role passes it.
          {
            actions: ['iam:PassRole'],
            condition: {
              StringEquals: { 'iam:PassedToService': ['eks.amazonaws.com', 'pods.eks.amazonaws.com'] },
            },
          },
        ],
  claims: (declared) => declared.map(placeOf),
  regions: (declared) => declared.flatMap(({ region }) => region ?? []),
  faults: associationFaults,
  observe: async ({ clients, getRole }, declared) => {
    const clusters = clustersOf(declared);
    const [{ Arn: roleArn = '' }, ...read] = await Promise.all([
      getRole(),
      ...clusters.map((one) => readAssociations(clients, one)),
    ]);
    const places = new Set(declared.map(placeOf));
    return {
      roleArn,
      clusters: [...clusters],
      missingClusters: clusters.filter((_, index) => read[index] === null),
      associations: read
        .flatMap((associations) => associations ?? [])
        .filter((one) => one.roleArn === roleArn || places.has(placeOf(one))),
    };
  },
  diff: (declared, { roleArn, missingClusters, associations }, context) => {
    const byPlace = new Map(declared.map((one) => [placeOf(one), one]));
    const present = new Set(associations.map(placeOf));
    return [
      ...associations.flatMap((actual) => {
        const expected = byPlace.get(placeOf(actual));
        return expected === undefined ? [undeclared(actual)] : changed(expected, actual, roleArn, context);
      }),
      ...declared
        .filter((one) => !present.has(placeOf(one)))
        .map((one) =>
          absent(
            one,
            missingClusters.some(
              (gone) => gone.cluster === one.cluster && gone.region === (one.region ?? null),
            ),
          ),
        ),
    ];
  },
  declare: ({ roleArn, clusters, associations }) => {
    const declared = associations.map((one) => (one.roleArn === roleArn ? asDeclared(one) : null));
    // A cluster is only looked at where an association in it is declared.
    const isSeen = clusters.every((one) =>
      associations.some((other) => other.cluster === one.cluster && other.region === one.region),
    );
    return declared.includes(null) || !isSeen ? null : declared.filter((one) => one !== null);
  },
  // An association holds the role's ARN, which the new role has, too.
  whenCreated: () => null,
  revert: (difference, declared, { observed: { associations, roleArn }, wording }) => {
    const expected = declared.find((one) => pathOf(one) === difference.path);
    const actual = associations.find((one) => pathOf(one) === difference.path);
    const effect = difference.access.gained.length > 0 ? 'closes' : 'restores';
    return revertAssociation(expected, actual, { roleArn, effect, wording });
  },
});

/** null where its policy is no document. EKS chooses external ids, so none is declared. */
function asDeclared({
  region,
  cluster: name,
  namespace,
  serviceAccount,
  ...settings
}: Association): DeclaredAssociation | null {
  const { targetRoleArn, disableSessionTags } = settings;
  const policy = z.safeParse(z.nullable(jsonObject), settings.policy);
  if (!policy.success) return null;
  return {
    cluster: name,
    namespace,
    serviceAccount,
    ...(region !== null && { region }),
    ...(targetRoleArn !== null && { targetRoleArn }),
    ...(disableSessionTags && { disableSessionTags }),
    ...(policy.data !== null && { policy: policy.data }),
  };
}

function revertAssociation(
  expected: DeclaredAssociation | undefined,
  actual: Association | undefined,
  correction: Correction,
): ChangeDraft {
  if (actual === undefined) {
    if (expected === undefined) throw new TypeError('the difference is about no association');
    return createAssociation(expected, correction.roleArn);
  }
  return expected === undefined
    ? deleteAssociation(actual)
    : correctAssociation(expected, actual, correction);
}

function isIn(one: DeclaredAssociation, region: string, clusterName: unknown): boolean {
  // Where no region is declared, which one is meant is not known here; to look once too often is harmless.
  return one.cluster === clusterName && (one.region === undefined || one.region === region);
}

function arnsOf(
  declared: readonly DeclaredAssociation[],
  what: 'cluster' | 'associations',
): readonly string[] {
  return clustersOf(declared).map(({ region, cluster }) => {
    const resource = what === 'cluster' ? `cluster/${cluster}` : `podidentityassociation/${cluster}/*`;
    return `arn:\${AWS::Partition}:eks:${region ?? '*'}:\${AWS::AccountId}:${resource}`;
  });
}
