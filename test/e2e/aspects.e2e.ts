import {
  AddRoleToInstanceProfileCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagRoleCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Json } from '../../shared/model.ts';
import { allow, declared, declaredRoles, policyArn } from './chain/declared-roles.ts';
import { type IamChange, putInlinePolicy } from './chain/iam-changes.ts';
import { install, type Installation } from './chain/installation.ts';
import { wholeRole } from './chain/role-state.ts';
import { ACCOUNT_ID } from './moto/account.ts';

interface Drift {
  readonly what: string;
  readonly change: IamChange;
  /** The fewest calls that put the role back. */
  readonly writes: readonly string[];
}

interface AspectScenes {
  readonly aspect: string;
  readonly roleName: string;
  readonly drifts: readonly Drift[];
  /** Another text, the same meaning. */
  readonly nearMiss: IamChange;
}

const everything = allow('*', '*');

const putInline = (policyName: string, document: Json) =>
  putInlinePolicy('reports-inline', policyName, document);

function putBoundary(permissionsBoundary: string): IamChange {
  const RoleName = 'reports-bounded';
  return {
    eventName: 'PutRolePermissionsBoundary',
    requestParameters: { roleName: RoleName, permissionsBoundary },
    send: (iam) =>
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: permissionsBoundary })),
  };
}

function updateRole(description: string, maxSessionDuration: number): IamChange {
  const RoleName = 'reports-settings';
  return {
    eventName: 'UpdateRole',
    requestParameters: { roleName: RoleName, description, maxSessionDuration },
    send: (iam) =>
      iam.send(
        new UpdateRoleCommand({ RoleName, Description: description, MaxSessionDuration: maxSessionDuration }),
      ),
  };
}

function tag(tags: Readonly<Record<string, string>>): IamChange {
  const RoleName = 'reports-tagged';
  return {
    eventName: 'TagRole',
    requestParameters: {
      roleName: RoleName,
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    },
    send: (iam) =>
      iam.send(
        new TagRoleCommand({ RoleName, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
      ),
  };
}

function putIntoProfile(role: string): IamChange {
  const InstanceProfileName = declared.instanceProfile;
  return {
    eventName: 'AddRoleToInstanceProfile',
    requestParameters: { roleName: role, instanceProfileName: InstanceProfileName },
    // There is room for one.
    send: async (iam) => {
      await iam.send(
        new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: 'reports-instance' }),
      );
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: role }));
    },
  };
}

function putContent(document: Json, deletedVersion: string | null = null): IamChange {
  const PolicyArn = policyArn('reports-content');
  const policyDocument = JSON.stringify(document);
  return {
    eventName: 'CreatePolicyVersion',
    requestParameters: { policyArn: PolicyArn, policyDocument, setAsDefault: true },
    send: async (iam) => {
      await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policyDocument, SetAsDefault: true }),
      );
      if (deletedVersion !== null)
        await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: deletedVersion }));
    },
  };
}

const scenes: readonly AspectScenes[] = [
  {
    aspect: 'inlinePolicies',
    roleName: 'reports-inline',
    drifts: [
      {
        what: 'the declared policy widened',
        change: putInline('Reports', everything),
        writes: ['iam:PutRolePolicy'],
      },
      {
        what: 'a policy that the spec does not list',
        change: putInline('Backdoor', everything),
        writes: ['iam:DeleteRolePolicy'],
      },
      {
        what: 'the declared policy deleted',
        change: {
          eventName: 'DeleteRolePolicy',
          requestParameters: { roleName: 'reports-inline', policyName: 'Reports' },
          send: (iam) =>
            iam.send(new DeleteRolePolicyCommand({ RoleName: 'reports-inline', PolicyName: 'Reports' })),
        },
        writes: ['iam:PutRolePolicy'],
      },
    ],
    nearMiss: putInline('Reports', {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Spelled',
          Resource: ['arn:aws:s3:::reports/*'],
          Action: ['s3:PutObject', 's3:getobject'],
          Effect: 'Allow',
        },
      ],
    }),
  },
  {
    aspect: 'permissionsBoundary',
    roleName: 'reports-bounded',
    drifts: [
      {
        what: 'the boundary taken away',
        change: {
          eventName: 'DeleteRolePermissionsBoundary',
          requestParameters: { roleName: 'reports-bounded' },
          send: (iam) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'reports-bounded' })),
        },
        writes: ['iam:PutRolePermissionsBoundary'],
      },
      {
        what: 'a wider boundary',
        change: putBoundary('arn:aws:iam::aws:policy/AdministratorAccess'),
        writes: ['iam:PutRolePermissionsBoundary'],
      },
    ],
    nearMiss: putBoundary(policyArn('boundary')),
  },
  {
    aspect: 'description and maxSessionDuration',
    roleName: 'reports-settings',
    drifts: [
      { what: 'both changed', change: updateRole('', 43_200), writes: ['iam:UpdateRole'] },
      {
        what: 'the duration changed',
        change: updateRole(declared.description, 3600),
        writes: ['iam:UpdateRole'],
      },
    ],
    nearMiss: updateRole(declared.description, declared.maxSessionDuration),
  },
  {
    aspect: 'tags',
    roleName: 'reports-tagged',
    drifts: [
      {
        what: 'two tags changed',
        change: tag({ team: 'somebody-else', 'cost-center': '666' }),
        writes: ['iam:TagRole'],
      },
    ],
    nearMiss: tag({ team: declared.tags.team, 'a-tag-of-others': 'theirs' }),
  },
  {
    aspect: 'instanceProfile',
    roleName: 'reports-instance',
    drifts: [
      {
        what: 'another role in its place',
        change: putIntoProfile('somebody-elses'),
        writes: ['iam:RemoveRoleFromInstanceProfile', 'iam:AddRoleToInstanceProfile'],
      },
    ],
    nearMiss: putIntoProfile('reports-instance'),
  },
  {
    aspect: 'the content of a managed policy',
    roleName: 'reports-content',
    drifts: [
      {
        what: 'a wider version, the good one still there',
        change: putContent(everything),
        writes: ['iam:SetDefaultPolicyVersion'],
      },
      {
        what: 'a wider version, the good one deleted',
        change: putContent(everything, 'v1'),
        writes: ['iam:CreatePolicyVersion'],
      },
    ],
    nearMiss: putContent({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Resource: [`arn:aws:sqs:us-east-1:${ACCOUNT_ID}:reports`],
        Action: ['SQS:SendMessage'],
      },
    }),
  },
];

let installation: Installation;

beforeAll(async () => {
  installation = await install(declaredRoles);
});

afterAll(() => installation.stop());

const writesSince = (earlier: number) =>
  installation.gateway.iamCalls.slice(earlier).filter((call) => !/^iam:(Get|List)/.test(call));

describe.each(scenes)('$aspect', ({ roleName, drifts, nearMiss }) => {
  const now = () => wholeRole(installation.aws.iam, roleName);
  const reports = async () =>
    (await installation.ledger.list({ accountId: ACCOUNT_ID, roleName })).map(({ report }) => report);

  it.each(drifts)('$what: put back by the fewest calls, and told once', async ({ change, writes }) => {
    const before = await now();
    const calls = installation.gateway.iamCalls.length;
    await installation.happen(change);
    expect(await now()).not.toEqual(before);
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await now()).toEqual(before);
    expect(writesSince(calls)).toEqual(writes);
    expect((await reports())[0]).toMatchObject({ outcome: 'remediated', verified: true });
    await installation.carry('reports');
    const told = await installation.subscriber.readMail();
    expect(told.map(({ subject }) => subject.includes(roleName))).toEqual([true]);
  });

  it('near miss, the same meaning: looked at, left alone, nobody disturbed', async () => {
    const known = (await reports()).length;
    await installation.happen(nearMiss);
    const changed = await now();
    const calls = installation.gateway.iamCalls.length;
    const { bodies, failed } = await installation.carry('changes');
    expect([bodies.length, failed]).toEqual([1, []]);
    expect(installation.gateway.iamCalls.length).toBeGreaterThan(calls);
    expect(writesSince(calls)).toEqual([]);
    expect(await now()).toEqual(changed);
    expect(await reports()).toHaveLength(known);
    expect((await installation.carry('reports')).bodies).toEqual([]);
  });
});

it('identityProviders: whoever may speak for one now is told and never undone', async () => {
  const { arn } = declared.identityProvider;
  const thumbprint = 'b'.repeat(40);
  await installation.happen({
    eventName: 'UpdateOpenIDConnectProviderThumbprint',
    requestParameters: { openIDConnectProviderArn: arn, thumbprintList: [thumbprint] },
    send: (iam) =>
      iam.send(
        new UpdateOpenIDConnectProviderThumbprintCommand({
          OpenIDConnectProviderArn: arn,
          ThumbprintList: [thumbprint],
        }),
      ),
  });
  const calls = installation.gateway.iamCalls.length;
  expect((await installation.carry('changes')).failed).toEqual([]);
  expect(writesSince(calls)).toEqual([]);
  const role = { accountId: ACCOUNT_ID, roleName: 'reports-federated' };
  expect((await installation.ledger.list(role)).map(({ report }) => report?.outcome)).toEqual(['detected']);
  await installation.carry('reports');
  const told = await installation.subscriber.readMail();
  expect(told.map(({ text }) => text.includes(thumbprint))).toEqual([true]);
});

it('did all this with what the deployed roles allow', () => {
  expect(installation.denied()).toEqual([]);
});
