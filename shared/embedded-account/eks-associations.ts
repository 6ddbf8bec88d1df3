import { createHash } from 'node:crypto';

import type { JsonObject } from '../model.ts';
import { policyFaults } from '../policy/faults.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { flag, optionalNumber, optionalText, text } from './input.ts';
import { IamRefusal } from './refusal.ts';
import {
  byCodeUnit,
  read,
  withEntry,
  withoutEntry,
  write,
  type AccountState,
  type AssociationRecord,
  type OperationContext,
} from './state.ts';

/** What an association is made of, besides where it is. */
type Settings = Pick<
  AssociationRecord,
  'roleArn' | 'targetRoleArn' | 'disableSessionTags' | 'policy' | 'externalId'
>;

export const clusterKey = (region: string, cluster: string): string => `${region}/${cluster}`;

/** The same for the same service account, so that a recorded event can name it. */
export function associationId({ region, clusterName, namespace, serviceAccount }: Place): string {
  const seed = [region, clusterName, namespace, serviceAccount].join('/');
  return `a-${createHash('sha256').update(seed).digest('hex').slice(0, 17)}`;
}

type Place = Pick<AssociationRecord, 'region' | 'clusterName' | 'namespace' | 'serviceAccount'>;

function requireCluster(state: AccountState, input: JsonObject, { region }: OperationContext): string {
  const clusterName = text(input, 'clusterName');
  if (!state.clusters.has(clusterKey(region, clusterName)))
    throw new IamRefusal('ResourceNotFound', `No cluster found for name: ${clusterName}.`);
  return clusterName;
}

function requireAssociation(
  state: AccountState,
  input: JsonObject,
  context: OperationContext,
): AssociationRecord {
  const clusterName = requireCluster(state, input, context);
  const id = text(input, 'associationId');
  const association = state.associations.get(id);
  if (association?.clusterName !== clusterName || association.region !== context.region)
    throw new IamRefusal('ResourceNotFound', `Association not found: ${id}`);
  return association;
}

export function withAssociation(state: AccountState, association: AssociationRecord): AccountState {
  return { ...state, associations: withEntry(state.associations, association.associationId, association) };
}

function arnOf({ region, clusterName, associationId: id }: AssociationRecord, context: OperationContext) {
  return `arn:${context.partition}:eks:${region}:${context.accountId}:podidentityassociation/${clusterName}/${id}`;
}

/** What listings tell: not the role. */
function listed(association: AssociationRecord, context: OperationContext): JsonObject {
  const { clusterName, namespace, serviceAccount, associationId: id, ownerArn } = association;
  return {
    clusterName,
    namespace,
    serviceAccount,
    associationArn: arnOf(association, context),
    associationId: id,
    ...(ownerArn !== null && { ownerArn }),
  };
}

function whole(association: AssociationRecord, context: OperationContext): { association: JsonObject } {
  const { roleArn, disableSessionTags, targetRoleArn, externalId, policy, createdAt, modifiedAt } =
    association;
  return {
    association: {
      ...listed(association, context),
      roleArn,
      tags: {},
      // Seconds: the protocol's form of a time.
      createdAt: createdAt.getTime() / 1000,
      modifiedAt: modifiedAt.getTime() / 1000,
      disableSessionTags,
      ...(targetRoleArn !== null && { targetRoleArn }),
      ...(externalId !== null && { externalId }),
      ...(policy !== null && { policy }),
    },
  };
}

/** What is left out stays as it was. A target role gets an external id of EKS's choice. */
function settingsFrom(input: JsonObject, before: Settings, context: OperationContext): Settings {
  const targetRoleArn = optionalText(input, 'targetRoleArn') ?? before.targetRoleArn;
  const isNewTarget = targetRoleArn !== before.targetRoleArn;
  const settings: Settings = {
    roleArn: optionalText(input, 'roleArn') ?? before.roleArn,
    targetRoleArn,
    externalId: isNewTarget ? context.newId('external-') : before.externalId,
    disableSessionTags:
      'disableSessionTags' in input ? flag(input, 'disableSessionTags') : before.disableSessionTags,
    policy: optionalText(input, 'policy') ?? before.policy,
  };
  if (settings.policy !== null) requirePolicy(settings.policy);
  if (settings.policy !== null && !settings.disableSessionTags)
    throw new IamRefusal('InvalidParameter', 'disableSessionTags must be true when a policy is given.');
  return settings;
}

function requirePolicy(policy: string): void {
  try {
    if (policyFaults(parsePolicyText(policy), 'identity').length === 0) return;
  } catch {
    // Told below.
  }
  throw new IamRefusal('InvalidParameter', 'The policy is malformed.');
}

function requireRole(state: AccountState, arn: string): void {
  if (![...state.roles.values()].some((role) => role.arn === arn))
    throw new IamRefusal('InvalidParameter', `Role provided in the request does not exist: ${arn}`);
}

const noSettings: Settings = {
  roleArn: '',
  targetRoleArn: null,
  externalId: null,
  disableSessionTags: false,
  policy: null,
};

export const associationOperations = {
  ListPodIdentityAssociations: read((state, input, context) => {
    const clusterName = requireCluster(state, input, context);
    const namespace = optionalText(input, 'namespace');
    const serviceAccount = optionalText(input, 'serviceAccount');
    const all = [...state.associations.values()]
      .filter((one) => one.region === context.region && one.clusterName === clusterName)
      .filter((one) => namespace === null || one.namespace === namespace)
      .filter((one) => serviceAccount === null || one.serviceAccount === serviceAccount)
      .sort((a, b) => byCodeUnit(a.associationId, b.associationId));
    const start = Number(optionalText(input, 'nextToken') ?? 0);
    const end = start + (optionalNumber(input, 'maxResults') ?? 100);
    return {
      associations: all.slice(start, end).map((one) => listed(one, context)),
      ...(end < all.length && { nextToken: String(end) }),
    };
  }),

  DescribePodIdentityAssociation: read((state, input, context) =>
    whole(requireAssociation(state, input, context), context),
  ),

  CreatePodIdentityAssociation: write((state, input, context) => {
    const place = {
      region: context.region,
      clusterName: requireCluster(state, input, context),
      namespace: text(input, 'namespace'),
      serviceAccount: text(input, 'serviceAccount'),
    };
    const id = associationId(place);
    if (state.associations.has(id))
      throw new IamRefusal('ResourceInUse', 'Association already exists for this service account.');
    requireRole(state, text(input, 'roleArn'));
    const association: AssociationRecord = {
      ...place,
      ...settingsFrom(input, noSettings, context),
      associationId: id,
      ownerArn: null,
      createdAt: context.now,
      modifiedAt: context.now,
    };
    return { state: withAssociation(state, association), output: whole(association, context) };
  }),

  UpdatePodIdentityAssociation: write((state, input, context) => {
    const before = requireAssociation(state, input, context);
    const association = {
      ...before,
      ...settingsFrom(input, before, context),
      modifiedAt: context.now,
    };
    requireRole(state, association.roleArn);
    return { state: withAssociation(state, association), output: whole(association, context) };
  }),

  DeletePodIdentityAssociation: write((state, input, context) => {
    const association = requireAssociation(state, input, context);
    const associations = withoutEntry(state.associations, association.associationId);
    return { state: { ...state, associations }, output: whole(association, context) };
  }),
};
