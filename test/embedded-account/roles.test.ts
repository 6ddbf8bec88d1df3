import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  ListAttachedRolePoliciesCommand,
  ListGroupsCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';

import { administratorAccess, grant, readOnlyAccess, trusting } from '../support/iam-contract.ts';
import { openAccount } from '../support/open-account.ts';

const trustPolicy = trusting({ Service: 'ec2.amazonaws.com' });
const own = (name: string) => `arn:aws:iam::123456789012:policy/${name}`;

async function accountWithApp() {
  const opened = await openAccount();
  opened.account.createRole({ roleName: 'App', trustPolicy });
  return opened;
}

describe('roles in the embedded account', () => {
  it('sets an hour where an update says no session duration, as IAM does', async () => {
    const { account, client } = await openAccount();
    account.createRole({ roleName: 'app', trustPolicy, maxSessionDuration: 7200 });
    await client.send(new UpdateRoleCommand({ RoleName: 'app', Description: 'mine' }));
    expect(account.role('app')).toMatchObject({ description: 'mine', maxSessionDuration: 3600 });
  });

  it('resolves names ignoring case and keeps the case in which they were given', async () => {
    const { account, client } = await accountWithApp();
    await client.send(new UpdateRoleCommand({ RoleName: 'aPP', Description: 'mine' }));
    expect(account.role('APP')).toMatchObject({ roleName: 'App', description: 'mine' });
    await expect(
      client.send(
        new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: JSON.stringify(trustPolicy) }),
      ),
    ).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
  });

  it.each([
    ['/aws-service-role/ecs.amazonaws.com/', 'AWSServiceRoleForECS'],
    ['/aws-reserved/sso.amazonaws.com/', 'AWSReservedSSO_Admin_0123456789abcdef'],
  ])('lets nobody change a role under %s', async (path, roleName) => {
    const { account, client } = await openAccount();
    account.createRole({ roleName, path, trustPolicy });
    const before = account.role(roleName);
    const PolicyDocument = JSON.stringify(trusting({ AWS: '*' }));
    const role = { RoleName: roleName };
    for (const send of [
      () => client.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument })),
      () => client.send(new AttachRolePolicyCommand({ ...role, PolicyArn: administratorAccess })),
      () => client.send(new DeleteRoleCommand(role)),
    ]) {
      await expect(send()).rejects.toMatchObject({
        name: 'UnmodifiableEntityException',
        message: `Cannot perform the operation on the protected role '${roleName}' - this role is only modifiable by AWS`,
      });
    }
    expect(account.role(roleName)).toEqual(before);
  });

  it('refuses one policy more than the quota, and says which quota', async () => {
    const { account, client } = await accountWithApp();
    const attach = (PolicyArn: string) =>
      client.send(new AttachRolePolicyCommand({ RoleName: 'App', PolicyArn }));
    for (let index = 0; index < 11; index += 1) account.ensurePolicy(own(`p${index}`));
    for (let index = 0; index < 10; index += 1) await attach(own(`p${index}`));
    await expect(attach(own('p10'))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
    });
    await attach(own('p3'));
    expect(account.role('App')?.managedPolicies).toHaveLength(10);
    account.setQuota('PoliciesPerRole', 20);
    await attach(own('p10'));
  });

  it.each([
    ['longpolicynamebutnoarn', 'ValidationError', 'Invalid ARN:  Could not be parsed!'],
    [
      'short',
      'ValidationError',
      "1 validation error detected: Value 'short' at 'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
    [
      'arn:aws-cn:iam::aws:policy/ReadOnlyAccess',
      'NoSuchEntityException',
      'Policy arn:aws-cn:iam::aws:policy/ReadOnlyAccess does not exist or is not attachable.',
    ],
    [
      'arn:aws:iam::aws:policy/readonlyaccess',
      'NoSuchEntityException',
      'Policy arn:aws:iam::aws:policy/readonlyaccess does not exist or is not attachable.',
    ],
    [
      'arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy',
      'PolicyNotAttachableException',
      'Cannot attach a Service Role Policy to a Customer Role.',
    ],
  ])('does not attach %s', async (PolicyArn, name, message) => {
    const { client } = await accountWithApp();
    await expect(
      client.send(new AttachRolePolicyCommand({ RoleName: 'App', PolicyArn })),
    ).rejects.toMatchObject({ name, message });
  });

  it('says in IAM’s words that a policy is not attached, and that a role is not there', async () => {
    const { client } = await accountWithApp();
    const detach = (RoleName: string) =>
      client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: readOnlyAccess }));
    await expect(detach('App')).rejects.toThrow(`Policy ${readOnlyAccess} was not found.`);
    await expect(detach('nobody')).rejects.toThrow('The role with name nobody cannot be found.');
  });

  it('filters attachments and roles by path', async () => {
    const { account, client } = await accountWithApp();
    const serviceRole = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    account.createRole({
      roleName: 'worker',
      path: '/team/',
      trustPolicy,
      managedPolicies: [readOnlyAccess, serviceRole],
    });
    const attached = await client.send(
      new ListAttachedRolePoliciesCommand({ RoleName: 'worker', PathPrefix: '/service-role/' }),
    );
    expect(attached.AttachedPolicies).toEqual([
      { PolicyArn: serviceRole, PolicyName: 'AWSLambdaBasicExecutionRole' },
    ]);
    const { Roles } = await client.send(new ListRolesCommand({ PathPrefix: '/team/' }));
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['worker']);
  });

  it.each([
    [{ RoleName: 'no blanks' }, 'The specified value for roleName is invalid.'],
    [{ RoleName: 'x'.repeat(65) }, 'Member must have length less than or equal to 64'],
    [{ RoleName: 'ok', Path: 'team' }, 'The specified value for path is invalid.'],
    [{ RoleName: 'ok', MaxSessionDuration: 60 }, 'Member must have value greater than or equal to 3600'],
    [{ RoleName: 'ok', MaxSessionDuration: 50_000 }, 'Member must have value less than or equal to 43200'],
  ])('creates no role from %j', async (input, message) => {
    const { account, client } = await openAccount();
    await expect(
      client.send(new CreateRoleCommand({ AssumeRolePolicyDocument: JSON.stringify(trustPolicy), ...input })),
    ).rejects.toThrow(message);
    expect(account.roles()).toEqual([]);
  });

  it('asks for what is required', async () => {
    const { account } = await openAccount();
    for (const [body, parameter] of [
      ['Action=GetRole', 'roleName'],
      ['Action=TagRole&RoleName=App', 'tags'],
    ] as const) {
      const response = await fetch(account.endpoint, { method: 'POST', body });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(
        `Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
      );
    }
  });

  it('tells tag keys apart ignoring case', async () => {
    const { account, client } = await accountWithApp();
    for (const Tags of [[{ Key: 'team', Value: 'a' }], [{ Key: 'Team', Value: 'b' }]]) {
      await client.send(new TagRoleCommand({ RoleName: 'App', Tags }));
    }
    expect(account.role('App')?.tags).toEqual({ Team: 'b' });
  });

  it('never gives a version number of a policy twice', async () => {
    const { account, client } = await openAccount();
    const PolicyArn = own('p');
    account.createPolicy({ arn: PolicyArn, document: grant('s3:Get*') });
    const create = async () => {
      const PolicyDocument = JSON.stringify(grant('s3:*'));
      const created = await client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
      return created.PolicyVersion?.VersionId;
    };
    expect(await create()).toBe('v2');
    await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(await create()).toBe('v3');
  });

  it('has one role of a name, wherever it is put', async () => {
    const { account, client } = await accountWithApp();
    account.createRole({ roleName: 'app', path: '/team/', trustPolicy });
    expect(account.roles().map(({ arn }) => arn)).toEqual(['arn:aws:iam::123456789012:role/team/app']);
    const PolicyDocument = JSON.stringify(trusting({ AWS: 'arn:aws:iam::123456789012:role/App' }));
    await expect(
      client.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'app', PolicyDocument })),
    ).rejects.toThrow('Invalid principal in policy');
  });

  it('refuses a malformed or oversized inline policy', async () => {
    const { account, client } = await accountWithApp();
    const put = (PolicyDocument: string) =>
      client.send(new PutRolePolicyCommand({ RoleName: 'App', PolicyName: 'p', PolicyDocument }));
    await expect(put(JSON.stringify(trustPolicy))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'Policy document should not specify a principal.',
    });
    const Resource = Array.from({ length: 800 }, (_, index) => `arn:aws:s3:::b${index}`);
    const long = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }] };
    await expect(put(JSON.stringify(long))).rejects.toMatchObject({ name: 'LimitExceededException' });
    expect(account.role('App')?.inlinePolicies).toEqual({});
  });

  it('refuses a boundary that is not there, and changes to policies of AWS', async () => {
    const { client } = await accountWithApp();
    await expect(
      client.send(
        new PutRolePermissionsBoundaryCommand({ RoleName: 'App', PermissionsBoundary: own('none') }),
      ),
    ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    await expect(
      client.send(
        new CreatePolicyVersionCommand({
          PolicyArn: administratorAccess,
          PolicyDocument: JSON.stringify(grant('*')),
        }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('knows which instance profile holds a role', async () => {
    const { account, client } = await openAccount();
    account.createRole({ roleName: 'node', trustPolicy, instanceProfiles: ['node-profile'] });
    const { InstanceProfiles } = await client.send(
      new ListInstanceProfilesForRoleCommand({ RoleName: 'node' }),
    );
    expect(InstanceProfiles?.map(({ InstanceProfileName }) => InstanceProfileName)).toEqual(['node-profile']);
    const { InstanceProfile } = await client.send(
      new GetInstanceProfileCommand({ InstanceProfileName: 'NODE-profile' }),
    );
    expect(InstanceProfile?.Roles?.[0]?.RoleName).toBe('node');
  });

  it('lists policies by scope', async () => {
    const { account, client } = await openAccount();
    account.createPolicy({ policyName: 'mine', document: grant('s3:Get*') });
    account.createRole({ roleName: 'app', trustPolicy, managedPolicies: [readOnlyAccess] });
    const arns = async (Scope: 'AWS' | 'Local' | 'All') =>
      (await client.send(new ListPoliciesCommand({ Scope }))).Policies?.map(({ Arn }) => Arn);
    expect(await arns('Local')).toEqual([own('mine')]);
    expect(await arns('AWS')).toEqual([readOnlyAccess]);
    expect(await arns('All')).toEqual([own('mine'), readOnlyAccess]);
  });

  it('refuses by name what it does not model, and what IAM does not know', async () => {
    const { account, client } = await openAccount();
    await expect(client.send(new ListGroupsCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'The embedded account does not model ListGroups.',
      $metadata: { httpStatusCode: 501 },
    });
    const response = await fetch(account.endpoint, { method: 'POST', body: 'Action=MakeCoffee' });
    expect(await response.text()).toContain('<Code>InvalidAction</Code>');
  });

  it('logs every call and how it ended, and nothing that was only set', async () => {
    const { account, client } = await accountWithApp();
    await client.send(new UpdateRoleCommand({ RoleName: 'App', Description: 'x' }));
    await client.send(new DeleteRoleCommand({ RoleName: 'nobody' })).catch(() => null);
    expect(account.calls).toMatchObject([
      { operation: 'UpdateRole', input: { RoleName: 'App', Description: 'x' }, error: null },
      { operation: 'DeleteRole', input: { RoleName: 'nobody' }, error: 'NoSuchEntity' },
    ]);
  });
});
