import * as z from 'zod/mini';

import type { Access, Effect, JsonObject } from '../model.ts';
import { type AspectContext, type ChangeDraft, defineAspect, type DifferenceDraft } from './define.ts';
import { isSameIdentity } from './identity-policies.ts';
import { type Association, associationSchema, readAssociations } from './pod-identity-reads.ts';
import { correctAssociation, createAssociation, deleteAssociation } from './pod-identity-reverts.ts';
import {
  associationFaults,
  associationsSchema,
  clustersOf,
  type DeclaredAssociation,
  placeOf,
} from './pod-identity-schema.ts';

const observed = z.object({
  roleArn: z.string(),
  /** The declared clusters that do not exist. */
  missingClusters: z.array(z.object({ region: z.nullable(z.string()), cluster: z.string() })),
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
  faults: associationFaults,
  observe: async ({ clients, getRole }, declared) => {
    const clusters = clustersOf(declared);
    const [{ Arn: roleArn = '' }, ...read] = await Promise.all([
      getRole(),
      ...clusters.map((cluster) => readAssociations(clients, cluster)),
    ]);
    const places = new Set(declared.map(placeOf));
    return {
      roleArn,
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
              ({ cluster, region }) => cluster === one.cluster && region === (one.region ?? null),
            ),
          ),
        ),
    ];
  },
  revert: (difference, declared, { observed: { associations, roleArn } }) => {
    const expected = declared.find((one) => pathOf(one) === difference.path);
    const actual = associations.find((one) => pathOf(one) === difference.path);
    const effect = difference.access.gained.length > 0 ? 'closes' : 'restores';
    return revertAssociation(expected, actual, roleArn, effect);
  },
});

function revertAssociation(
  expected: DeclaredAssociation | undefined,
  actual: Association | undefined,
  roleArn: string,
  effect: Effect,
): ChangeDraft {
  if (actual === undefined) {
    if (expected === undefined) throw new TypeError('the difference is about no association');
    return createAssociation(expected, roleArn);
  }
  return expected === undefined
    ? deleteAssociation(actual)
    : correctAssociation(expected, actual, roleArn, effect);
}

function isIn(one: DeclaredAssociation, region: string, clusterName: unknown): boolean {
  // Where no region is declared, which one is meant is not known here; to look once too often is harmless.
  return one.cluster === clusterName && (one.region === undefined || one.region === region);
}

function pathOf(one: Parameters<typeof placeOf>[0]): string {
  return `podIdentityAssociations[${placeOf(one)}]`;
}

function undeclared(actual: Association): DifferenceDraft {
  return {
    path: pathOf(actual),
    type: 'ADD',
    expected: null,
    actual: told(actual),
    access: {
      gained: [throughPods(actual.roleArn, `pods of ${placeOf(actual)} can now act as this role`)],
      lost: [],
    },
  };
}

function absent(expected: DeclaredAssociation, isClusterMissing: boolean): DifferenceDraft {
  const place = placeOf(expected);
  const { cluster } = expected;
  return {
    path: pathOf(expected),
    type: 'REMOVE',
    expected,
    actual: null,
    access: {
      gained: [],
      lost: [throughPods(place, `pods of ${place} can no longer act as this role`)],
    },
    leftBySpec: isClusterMissing ? `the cluster ${cluster} does not exist, or not in this region` : null,
    advice: isClusterMissing
      ? `create the cluster ${cluster}, declare its region, or remove its associations from the spec`
      : null,
  };
}

/** What of the two is not the same. EKS's defaults stand for what is not declared; its external id is only watched. */
function changed(
  expected: DeclaredAssociation,
  actual: Association,
  roleArn: string,
  context: AspectContext,
): readonly DifferenceDraft[] {
  const place = placeOf(expected);
  const gained: Access[] = [];
  const lost: Access[] = [];
  if (actual.roleArn !== roleArn) {
    gained.push(throughPods(actual.roleArn, `pods of ${place} can now act as ${actual.roleArn}`));
    lost.push(throughPods(roleArn, `pods of ${place} can no longer act as this role`));
  }
  const target = expected.targetRoleArn ?? null;
  if (actual.targetRoleArn !== target) {
    if (actual.targetRoleArn !== null)
      gained.push(
        throughPods(actual.targetRoleArn, `pods of ${place} can now act as ${actual.targetRoleArn}`),
      );
    if (target !== null) lost.push(throughPods(target, `pods of ${place} can no longer act as ${target}`));
  }
  if (actual.disableSessionTags !== (expected.disableSessionTags ?? false)) {
    const text = actual.disableSessionTags
      ? `sessions of pods of ${place} are no longer tagged: policies that ask for their tags may deny them, or let them through`
      : `sessions of pods of ${place} are tagged: policies that ask for such tags may let them through`;
    gained.push(throughPods(roleArn, text));
  }
  if (!isSamePolicy(expected, actual, context))
    gained.push(
      throughPods(
        roleArn,
        actual.policy === null
          ? `nothing but this role limits pods of ${place} any more: their session policy is gone`
          : `the session policy of pods of ${place} is not the declared one: they may be able to do more, or less`,
      ),
    );
  const isOtherId = expected.externalId !== undefined && expected.externalId !== actual.externalId;
  if (gained.length + lost.length === 0 && !isOtherId) return [];
  const onlyId = gained.length + lost.length === 0;
  if (isOtherId && target !== null)
    lost.push(throughPods(target, `pods of ${place} have another external id than ${target} may ask for`));
  return [
    {
      path: pathOf(expected),
      type: 'NOT_EQUAL',
      expected: { ...expected, roleArn },
      actual: told(actual),
      access: { gained, lost },
      leftBySpec: onlyId ? 'EKS chooses the external id, and nobody can set it' : null,
      advice: isOtherId
        ? `have the trust policy of ${target ?? 'the target role'} ask for the external id ${actual.externalId ?? '(none)'} of ${place}, and declare it`
        : null,
    },
  ];
}

function isSamePolicy({ policy }: DeclaredAssociation, actual: Association, context: AspectContext): boolean {
  if (policy === undefined || actual.policy === null) return policy === undefined && actual.policy === null;
  return isSameIdentity(policy, actual.policy, context);
}

/** What a person has to see of it: no more than EKS has. */
function told({
  cluster,
  namespace,
  serviceAccount,
  roleArn,
  disableSessionTags,
  ...rest
}: Association): JsonObject {
  const { region, targetRoleArn, policy, externalId, ownerArn } = rest;
  return {
    cluster,
    namespace,
    serviceAccount,
    roleArn,
    ...(region !== null && { region }),
    ...(targetRoleArn !== null && { targetRoleArn }),
    ...(disableSessionTags && { disableSessionTags }),
    ...(policy !== null && { policy }),
    ...(externalId !== null && { externalId }),
    ...(ownerArn !== null && { ownerArn }),
  };
}

function throughPods(resource: string, text: string): Access {
  return { resource, actions: ['sts:AssumeRole'], conditions: {}, text };
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
