import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

import type { JsonObject } from '../../../shared/model.ts';
import { ACCOUNT_ID } from '../moto/account.ts';
import type { Scene } from './installation.ts';

export const policyArn = (name: string) => `arn:aws:iam::${ACCOUNT_ID}:policy/${name}`;

export const allow = (Action: string | readonly string[], Resource: string): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** What is declared of each aspect that no preset declares. */
export const declared = {
  inlinePolicy: allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::reports/*'),
  content: allow('sqs:SendMessage', `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:reports`),
  description: 'Writes the reports',
  maxSessionDuration: 7200,
  tags: { team: 'reports', 'cost-center': '42' },
  instanceProfile: 'reports-instances',
  identityProvider: {
    arn: `arn:aws:iam::${ACCOUNT_ID}:oidc-provider/oidc.example.com`,
    clientIds: ['sts.amazonaws.com'],
    thumbprints: ['a'.repeat(40)],
  },
} as const;

/** One role for each aspect, so that no scene disturbs another. */
export const declaredRoles: Scene = {
  name: 'aspects',
  spec: JSON.stringify(
    {
      version: 1,
      defaults: { mode: 'enforce' },
      roles: [
        {
          name: 'reports-inline',
          inlinePolicies: { policies: { Reports: declared.inlinePolicy }, unlisted: 'delete' },
        },
        { name: 'reports-bounded', permissionsBoundary: policyArn('boundary') },
        {
          name: 'reports-settings',
          description: declared.description,
          maxSessionDuration: declared.maxSessionDuration,
        },
        { name: 'reports-tagged', tags: declared.tags },
        { name: 'reports-instance', instanceProfile: declared.instanceProfile },
        { name: 'reports-federated', identityProviders: [declared.identityProvider] },
        {
          name: 'reports-content',
          managedPolicies: [{ arn: policyArn('reports-content'), document: declared.content }],
        },
      ],
    },
    null,
    2,
  ),
  prepare: createDeclaredRoles,
};

async function createDeclaredRoles(iam: IAMClient): Promise<void> {
  const json = JSON.stringify;
  const createPolicy = async (PolicyName: string, document: JsonObject) =>
    iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: json(document) }));
  const createRole = async (RoleName: string, others: object = {}) =>
    iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: json(trustPolicy), ...others }));
  await createPolicy('boundary', allow('s3:*', '*'));
  await createPolicy('reports-content', declared.content);

  await createRole('reports-inline');
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'reports-inline',
      PolicyName: 'Reports',
      PolicyDocument: json(declared.inlinePolicy),
    }),
  );
  await createRole('reports-bounded', { PermissionsBoundary: policyArn('boundary') });
  await createRole('reports-settings', {
    Description: declared.description,
    MaxSessionDuration: declared.maxSessionDuration,
  });
  await createRole('reports-tagged', {
    Tags: Object.entries(declared.tags).map(([Key, Value]) => ({ Key, Value })),
  });
  await createRole('reports-instance');
  await createRole('somebody-elses');
  const InstanceProfileName = declared.instanceProfile;
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'reports-instance' }));
  await createRole('reports-federated');
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://oidc.example.com',
      ClientIDList: [...declared.identityProvider.clientIds],
      ThumbprintList: [...declared.identityProvider.thumbprints],
    }),
  );
  await createRole('reports-content');
  await iam.send(
    new AttachRolePolicyCommand({ RoleName: 'reports-content', PolicyArn: policyArn('reports-content') }),
  );
}
