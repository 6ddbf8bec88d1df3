import { associationId, clusterKey, withAssociation } from './eks-associations.ts';
import { ensureRole } from './seeds.ts';
import type { AccountState, AssociationRecord, OperationContext } from './state.ts';

/** How an account comes to have clusters and associations without any call. */

export type AssociationSeed = Pick<
  AssociationRecord,
  'clusterName' | 'namespace' | 'serviceAccount' | 'roleArn'
> &
  Partial<AssociationRecord>;

export function ensureCluster(state: AccountState, clusterName: string, region: string): AccountState {
  return { ...state, clusters: new Set([...state.clusters, clusterKey(region, clusterName)]) };
}

export function removeCluster(state: AccountState, clusterName: string, region: string): AccountState {
  const key = clusterKey(region, clusterName);
  return {
    ...state,
    clusters: new Set([...state.clusters].filter((cluster) => cluster !== key)),
    associations: new Map(
      [...state.associations].filter(([, one]) => clusterKey(one.region, one.clusterName) !== key),
    ),
  };
}

export function seedAssociation(
  state: AccountState,
  seed: AssociationSeed,
  context: OperationContext,
): AccountState {
  const { region = context.region } = seed;
  const association: AssociationRecord = {
    associationId: associationId({ ...seed, region }),
    targetRoleArn: null,
    externalId: null,
    disableSessionTags: false,
    policy: null,
    ownerArn: null,
    createdAt: context.now,
    modifiedAt: context.now,
    ...seed,
    region,
  };
  return withAssociation(ensureCluster(state, seed.clusterName, region), association);
}

/** The role that an association was given was there. */
export function ensureRoleOfArn(
  state: AccountState,
  arn: string | null,
  context: OperationContext,
): AccountState {
  const name = arn?.slice(arn.lastIndexOf('/') + 1) ?? '';
  return name === '' ? state : ensureRole(state, name, context);
}
