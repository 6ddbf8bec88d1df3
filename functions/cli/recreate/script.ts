import type { Json } from '../../../shared/model.ts';
import type { DeclaredRole } from './declared-role.ts';

/** A shell script of AWS CLI calls that make the role. It stops at the first that fails. */
export function recreationScript({ role, instanceProfiles, associations }: DeclaredRole): string {
  const { roleName: RoleName } = role;
  return [
    '#!/bin/sh',
    'set -eu',
    call('iam create-role', {
      RoleName,
      Path: role.path,
      AssumeRolePolicyDocument: JSON.stringify(role.trustPolicy),
      MaxSessionDuration: role.maxSessionDuration,
      ...(role.description === null || role.description === '' ? {} : { Description: role.description }),
      ...(role.permissionsBoundary === null ? {} : { PermissionsBoundary: role.permissionsBoundary }),
      ...(Object.keys(role.tags).length === 0 ? {} : { Tags: tagList(role.tags) }),
    }),
    call('iam wait role-exists', { RoleName }),
    ...role.managedPolicies.map((PolicyArn) => call('iam attach-role-policy', { RoleName, PolicyArn })),
    ...Object.entries(role.inlinePolicies).map(([PolicyName, document]) =>
      call('iam put-role-policy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }),
    ),
    ...instanceProfiles.map((InstanceProfileName) =>
      call('iam add-role-to-instance-profile', { InstanceProfileName, RoleName }),
    ),
    ...associations.map(({ region, clusterName, namespace, serviceAccount, roleArn, ...other }) =>
      call(`eks create-pod-identity-association --region ${quoted(region)}`, {
        clusterName,
        namespace,
        serviceAccount,
        roleArn,
        disableSessionTags: other.disableSessionTags,
        ...(other.targetRoleArn === null ? {} : { targetRoleArn: other.targetRoleArn }),
        ...(other.policy === null ? {} : { policy: other.policy }),
      }),
    ),
    '',
  ].join('\n');
}

export function tagList(tags: Readonly<Record<string, string>>): readonly { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function call(command: string, input: Readonly<Record<string, Json>>): string {
  return `aws ${command} --cli-input-json ${quoted(JSON.stringify(input))}`;
}

/** One word for the shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
