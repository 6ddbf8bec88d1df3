import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';

import type { JsonObject } from '../../../shared/model.ts';
import { allow, policyArn } from './declared-roles.ts';
import { type IamChange, putInlinePolicy } from './iam-changes.ts';
import type { Scene } from './installation.ts';

const json = JSON.stringify;

const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** What every role of the scene is declared to be. */
export const declared = { trustPolicy, attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] };

/** People of the account by the role that they have, and what it may do. */
const people: readonly (readonly [string, readonly string[]])[] = [
  ['Admins', ['iam:*']],
  // What the help of "revoke-sessions" asks for.
  [
    'Responders',
    ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListInstanceProfilesForRole', 'iam:PutRolePolicy'],
  ],
];

export const fleet: readonly string[] = ['fleet-1', 'fleet-2', 'fleet-3', 'fleet-4', 'fleet-5'];

/** One that has more to lose than the others, declared and not. */
const reports = {
  inlinePolicy: allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::reports/*'),
  instanceProfile: 'reports-instances',
  undeclared: {
    Description: "Writes the team's reports",
    MaxSessionDuration: 7200,
    PermissionsBoundary: policyArn('boundary'),
    Tags: [
      { Key: 'owner', Value: 'reports@example.com' },
      { Key: 'cost-center', Value: '42' },
    ],
  },
};

/** What each is declared to be beyond what all are. */
const roles: Readonly<Record<string, JsonObject>> = {
  paused: {},
  exempted: {},
  replaced: {},
  'rolled-back': {},
  revoked: { inlinePolicies: { policies: {}, unlisted: 'delete' } },
  deleted: {
    inlinePolicies: { policies: { Reports: reports.inlinePolicy } },
    instanceProfile: reports.instanceProfile,
  },
  revived: { whenDeleted: 'recreate', recreateAfterMinutes: 1 },
  ...Object.fromEntries(fleet.map((name) => [name, {}])),
};

/** A role for each test, so that none disturbs another. */
export const operatedRoles: Scene = {
  name: 'operators',
  spec: json(
    {
      version: 1,
      defaults: { mode: 'enforce' },
      roles: Object.entries(roles).map(([name, more]) => ({
        name,
        trustPolicy: declared.trustPolicy,
        managedPolicies: { attached: declared.attached, unlisted: 'detach' },
        ...more,
      })),
    },
    null,
    2,
  ),
  settings: { limits: { manyRoles: 3, exemptionHours: 12 } },
  prepare: async (iam) => {
    await iam.send(
      new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: json(allow('s3:*', '*')) }),
    );
    for (const name of Object.keys(roles))
      await createRole(iam, name, name === 'deleted' ? reports.undeclared : {});
    const lost = { RoleName: 'deleted', InstanceProfileName: reports.instanceProfile };
    await iam.send(new CreateInstanceProfileCommand(lost));
    await iam.send(new AddRoleToInstanceProfileCommand(lost));
    await putInlinePolicy('deleted', 'Reports', reports.inlinePolicy).send(iam);
    for (const [name, actions] of people) {
      await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: json(trustPolicy) }));
      const statement = { Sid: 'Own', Effect: 'Allow', Action: actions, Resource: '*' };
      await putInlinePolicy(name, 'Own', { Version: '2012-10-17', Statement: [statement] }).send(iam);
    }
  },
};

async function createRole(iam: IAMClient, RoleName: string, others: object): Promise<void> {
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: json(trustPolicy), ...others }));
  for (const PolicyArn of declared.attached)
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** Somebody takes all from the role and then deletes it, as IAM demands. CloudTrail tells of the deletion. */
export function deleteRole(RoleName: string): IamChange {
  return {
    eventName: 'DeleteRole',
    requestParameters: { roleName: RoleName },
    send: async (iam) => {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      for (const { PolicyArn } of AttachedPolicies)
        await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames)
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      const { InstanceProfiles = [] } = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
      for (const { InstanceProfileName } of InstanceProfiles)
        await iam.send(new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    },
  };
}

/** Somebody creates a role of that name, which nothing is attached to. */
export function createBareRole(RoleName: string, trust: JsonObject): IamChange {
  const assumeRolePolicyDocument = json(trust);
  return {
    eventName: 'CreateRole',
    requestParameters: { roleName: RoleName, assumeRolePolicyDocument },
    send: (iam) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: assumeRolePolicyDocument })),
  };
}
