import type { Access, JsonObject } from '../model.ts';
import type { AspectContext, DifferenceDraft } from './definition.ts';
import { isSameIdentity } from './identity-policies.ts';
import type { Association } from './pod-identity-reads.ts';
import { type DeclaredAssociation, placeOf } from './pod-identity-schema.ts';

/** Where a difference about the association is. */
export function pathOf(one: Parameters<typeof placeOf>[0]): string {
  return `podIdentityAssociations[${placeOf(one)}]`;
}

/** This role is handed to a service account that the spec does not name. */
export function undeclared(actual: Association): DifferenceDraft {
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

export function absent(expected: DeclaredAssociation, isClusterMissing: boolean): DifferenceDraft {
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
export function changed(
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
