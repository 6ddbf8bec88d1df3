import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';

import { awsErrorCode } from '../errors.ts';
import type { Effect, NotOursAlone, PlannedCall } from '../model.ts';
import { formatPolicy } from '../policy/document.ts';
import type { ChangeDraft } from './definition.ts';
import { eksCall } from './eks-call.ts';
import { inOrder } from './iam-call.ts';
import { type Association, isNotFound } from './pod-identity-reads.ts';
import { type DeclaredAssociation, placeOf } from './pod-identity-schema.ts';
import type { Wording } from './wording.ts';

/** `eks:CreatePodIdentityAssociation`, for one that is missing. */
export function createAssociation(declared: DeclaredAssociation, roleArn: string): ChangeDraft {
  return {
    action: 'eks:CreatePodIdentityAssociation',
    summary: `associate ${placeOf(declared)} with this role`,
    effect: 'restores',
    call: creation(declared, roleArn),
    // Someone else was faster; the second read tells whether with this role.
    isAlreadyInPlace: (error) => awsErrorCode(error) === 'ResourceInUse',
  };
}

/** For one that hands this role to a service account that is not declared. */
export function deleteAssociation(actual: Association): ChangeDraft {
  return {
    action: 'eks:DeletePodIdentityAssociation',
    summary: `delete the association of ${placeOf(actual)} with this role`,
    effect: 'closes',
    call: deletion(actual),
    ...ownedByAddOn(actual),
    isAlreadyInPlace: isNotFound,
  };
}

export interface Correction {
  readonly roleArn: string;
  readonly effect: Effect;
  readonly wording: Wording;
}

/**
 * For one that is not as declared. EKS documents no way to take a target role or a policy away from an association, so one
 * with either too many is made anew.
 */
export function correctAssociation(
  declared: DeclaredAssociation,
  actual: Association,
  { roleArn, effect, wording }: Correction,
): ChangeDraft {
  const place = placeOf(declared);
  const { targetRoleArn, policy } = declared;
  const hasTooMuch =
    (targetRoleArn === undefined && actual.targetRoleArn !== null) ||
    (policy === undefined && actual.policy !== null);
  if (hasTooMuch)
    return {
      action: 'eks:CreatePodIdentityAssociation',
      summary: `delete the association of ${place} and create it again with ${wording.what}`,
      effect,
      call: inOrder(deletion(actual), isNotFound, creation(declared, roleArn)),
      ...ownedByAddOn(actual),
    };
  return {
    action: 'eks:UpdatePodIdentityAssociation',
    summary: `update the association of ${place} to ${wording.what}`,
    effect,
    call: eksCall(
      actual.region,
      new UpdatePodIdentityAssociationCommand({
        clusterName: actual.cluster,
        associationId: actual.associationId,
        ...settingsOf(declared, roleArn),
      }),
    ),
    ...ownedByAddOn(actual),
  };
}

function creation(declared: DeclaredAssociation, roleArn: string): PlannedCall {
  const { cluster, namespace, serviceAccount, region = null } = declared;
  return eksCall(
    region,
    new CreatePodIdentityAssociationCommand({
      clusterName: cluster,
      namespace,
      serviceAccount,
      ...settingsOf(declared, roleArn),
    }),
  );
}

function settingsOf(
  { targetRoleArn, disableSessionTags = false, policy }: DeclaredAssociation,
  roleArn: string,
) {
  return {
    roleArn,
    disableSessionTags,
    ...(targetRoleArn !== undefined && { targetRoleArn }),
    ...(policy !== undefined && { policy: formatPolicy(policy) }),
  };
}

function deletion({ region, cluster, associationId }: Association): PlannedCall {
  return eksCall(region, new DeletePodIdentityAssociationCommand({ clusterName: cluster, associationId }));
}

/** An add-on would put its own association back: the two would fight. */
function ownedByAddOn(actual: Association): { readonly notOursAlone?: NotOursAlone } {
  if (actual.ownerArn === null) return {};
  const place = placeOf(actual);
  return {
    notOursAlone: {
      reason: `the association of ${place} is owned by the add-on ${actual.ownerArn}`,
      remedy: `Change the association of ${place} through its add-on: UpdateAddon with podIdentityAssociations`,
      mayGoBack: false,
    },
  };
}
