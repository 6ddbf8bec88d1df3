import {
  AddRoleToInstanceProfileCommand,
  GetInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { Access } from '../model.ts';
import { defineAspect } from './define.ts';
import type { ChangeDraft, DifferenceDraft } from './definition.ts';
import { iamCall } from './iam-call.ts';

const profileName = z
  .string()
  .check(
    z.regex(
      /^[\w+=,.@-]{1,128}$/,
      'must be the name of an instance profile, not its ARN: up to 128 letters, digits and +=,.@_-',
    ),
  );

const observed = z.object({
  name: profileName,
  exists: z.boolean(),
  /** One at most, says IAM's quota. */
  roleNames: z.array(z.string()),
});

/**
 * The instance profile that hands the role to EC2 instances. One call reads it, whoever is in it. Another role in the
 * role's place is two differences: that one is there, and this one is not; it goes before this one comes back.
 */
export const instanceProfile = defineAspect<string, z.infer<typeof observed>>({
  name: 'instanceProfile',
  docs: {
    watched: 'that the role, and no other, is in the declared instance profile',
    neverReverted: 'an instance profile that does not exist: whoever launches instances must make it',
  },
  schema: profileName,
  observed,
  triggers: [
    {
      eventSource: 'iam.amazonaws.com',
      // Not CreateInstanceProfile: its maker is about to put a role in, and would be refused if we were faster.
      eventNames: ['AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile'],
      // Such an event names the role that comes or goes, and that need not be the one that belongs there.
      concerns: ({ requestParameters: { instanceProfileName } }, declared) =>
        typeof instanceProfileName === 'string' && isSameName(instanceProfileName, declared),
    },
  ],
  actions: {
    observe: ['iam:GetInstanceProfile'],
    revert: ['iam:RemoveRoleFromInstanceProfile', 'iam:AddRoleToInstanceProfile'],
  },
  readGrants: (declared) => [{ actions: ['iam:GetInstanceProfile'], resources: arnsOf(declared) }],
  grants: (declared) => [
    {
      actions: ['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
      resources: arnsOf(declared),
    },
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
    {
      actions: ['iam:PassRole'],
      condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    },
  ],
  claims: (declared) => [declared],
  observe: async ({ clients }, declared) => {
    try {
      const { InstanceProfile } = await clients.iam.send(
        new GetInstanceProfileCommand({ InstanceProfileName: declared }),
      );
      const roles = InstanceProfile?.Roles ?? [];
      return { name: declared, exists: true, roleNames: roles.flatMap(({ RoleName }) => RoleName ?? []) };
    } catch (error) {
      if (awsErrorCode(error) === 'NoSuchEntity') return { name: declared, exists: false, roleNames: [] };
      throw error;
    }
  },
  diff: (declared, { name: seen, exists, roleNames }, { roleName }) => {
    // Remembered of another profile, which the spec has named before: it tells nothing of this one.
    if (!isSameName(seen, declared)) return [missing(declared, roleName, true)];
    const others = roleNames.filter((name) => !isSameName(name, roleName));
    const isIn = others.length < roleNames.length;
    return [
      ...others.map((name) => intruder(declared, name)),
      ...(isIn ? [] : [missing(declared, roleName, exists)]),
    ];
  },
  // IAM deletes no role that is still in one: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
  whenCreated: (declared) => ({ name: declared, exists: true, roleNames: [] }),
  // That the role is in it can be declared; not that nobody is, nor that another role is.
  declare: ({ name, roleNames }, { roleName }) =>
    roleNames.length > 0 && roleNames.every((one) => isSameName(one, roleName)) ? name : null,
  revert: ({ actual }, declared, { roleName }) =>
    typeof actual === 'string' ? remove(declared, actual) : add(declared, roleName),
});

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** At whatever path: the name is unique in its account, and the path is not declared. */
function arnsOf(name: string): readonly string[] {
  const profiles = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile/';
  return [`${profiles}${name}`, `${profiles}*/${name}`];
}

function intruder(profile: string, roleName: string): DifferenceDraft {
  const text = `instances with the instance profile ${profile} can now act as the role ${roleName}`;
  return {
    path: `instanceProfile[${roleName}]`,
    type: 'ADD',
    expected: null,
    actual: roleName,
    access: { gained: [throughProfile(roleName, text)], lost: [] },
  };
}

function missing(profile: string, roleName: string, exists: boolean): DifferenceDraft {
  const text = `instances with the instance profile ${profile} can no longer act as this role`;
  return {
    path: `instanceProfile[${roleName}]`,
    type: 'REMOVE',
    expected: roleName,
    actual: null,
    access: { gained: [], lost: [throughProfile(roleName, text)] },
    advice: exists
      ? null
      : `create the instance profile ${profile} with the tool that owns it: it does not exist, and this product creates none`,
  };
}

function throughProfile(roleName: string, text: string): Access {
  return { resource: roleName, actions: ['sts:AssumeRole'], conditions: {}, text };
}

function remove(profile: string, RoleName: string): ChangeDraft {
  return {
    action: 'iam:RemoveRoleFromInstanceProfile',
    summary: `remove the role ${RoleName} from the instance profile ${profile}`,
    effect: 'closes',
    call: iamCall(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: profile, RoleName })),
    // Removed by someone else meanwhile. The second read makes sure.
    isAlreadyInPlace: (error) => awsErrorCode(error) === 'NoSuchEntity',
  };
}

function add(profile: string, RoleName: string): ChangeDraft {
  return {
    action: 'iam:AddRoleToInstanceProfile',
    summary: `add this role to the instance profile ${profile}`,
    effect: 'restores',
    call: iamCall(new AddRoleToInstanceProfileCommand({ InstanceProfileName: profile, RoleName })),
  };
}
