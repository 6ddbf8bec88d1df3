import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  paginateListAttachedRolePolicies,
  paginateListRoles,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Json } from '../../shared/model.ts';

/** An IAM endpoint that begins empty. */
export interface IamSubject {
  readonly client: IAMClient;
  readonly accountId: string;
  readonly close: () => Promise<void>;
}

export const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const readOnlyAccess = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

export function trusting(principal: Json, action: Json = 'sts:AssumeRole'): Json {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: action }],
  };
}

export const grant = (action: string): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});

const ec2 = JSON.stringify(trusting({ Service: 'ec2.amazonaws.com' }));

export function decoded(document: string | undefined): unknown {
  const parsed: unknown = JSON.parse(decodeURIComponent(document ?? ''));
  return parsed;
}

/** What every IAM endpoint does that this product may be pointed at: the embedded account, another emulator, AWS. */
export function describeIam(name: string, start: () => Promise<IamSubject>): void {
  describe(`${name} does what IAM does`, () => {
    let subject: IamSubject;
    let client: IAMClient;
    let serial = 0;

    beforeAll(async () => {
      subject = await start();
      ({ client } = subject);
    });
    afterAll(() => subject.close());

    async function aRole(): Promise<string> {
      serial += 1;
      const RoleName = `Contract-${serial}`;
      await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: ec2 }));
      return RoleName;
    }

    async function aPolicy(): Promise<string> {
      serial += 1;
      const { Policy } = await client.send(
        new CreatePolicyCommand({
          PolicyName: `contract-${serial}`,
          PolicyDocument: JSON.stringify(grant('s3:GetObject')),
        }),
      );
      return Policy?.Arn ?? '';
    }

    async function attachedTo(RoleName: string): Promise<readonly string[]> {
      const arns: string[] = [];
      for await (const page of paginateListAttachedRolePolicies({ client, pageSize: 1 }, { RoleName })) {
        arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? ''));
      }
      return arns.sort();
    }

    it('creates a role and shows it again, its trust policy percent-encoded', async () => {
      const { Role: created } = await client.send(
        new CreateRoleCommand({
          RoleName: 'Everything+Said',
          Path: '/team/',
          AssumeRolePolicyDocument: ec2,
          Description: 'a<&>"b"',
          MaxSessionDuration: 7200,
          Tags: [
            { Key: 'team', Value: 'a<&>b é' },
            { Key: 'empty', Value: '' },
          ],
        }),
      );
      const { Role } = await client.send(new GetRoleCommand({ RoleName: 'Everything+Said' }));
      expect(Role).toMatchObject({
        RoleName: 'Everything+Said',
        Path: '/team/',
        Arn: `arn:aws:iam::${subject.accountId}:role/team/Everything+Said`,
        RoleId: created?.RoleId,
        CreateDate: created?.CreateDate,
        Description: 'a<&>"b"',
        MaxSessionDuration: 7200,
      });
      expect(Role?.Tags).toHaveLength(2);
      expect(Role?.Tags).toContainEqual({ Key: 'team', Value: 'a<&>b é' });
      expect(Role?.Tags).toContainEqual({ Key: 'empty', Value: '' });
      expect(Role?.RoleId).toMatch(/^AROA[A-Z0-9]{17}$/);
      expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B/);
      expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(trusting({ Service: 'ec2.amazonaws.com' }));
    });

    it('knows no second role of a name', async () => {
      const RoleName = await aRole();
      await expect(
        client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: ec2 })),
      ).rejects.toMatchObject({
        name: 'EntityAlreadyExistsException',
        $metadata: { httpStatusCode: 409 },
      });
    });

    const nobody = { RoleName: 'nobody' };
    it.each([
      ['GetRole', () => client.send(new GetRoleCommand(nobody))],
      ['DeleteRole', () => client.send(new DeleteRoleCommand(nobody))],
      ['UpdateRole', () => client.send(new UpdateRoleCommand(nobody))],
      [
        'UpdateAssumeRolePolicy',
        () => client.send(new UpdateAssumeRolePolicyCommand({ ...nobody, PolicyDocument: ec2 })),
      ],
      [
        'AttachRolePolicy',
        () => client.send(new AttachRolePolicyCommand({ ...nobody, PolicyArn: administratorAccess })),
      ],
    ])('answers %s on a role that is not there with NoSuchEntity', async (_name, send) => {
      await expect(send()).rejects.toMatchObject({
        name: 'NoSuchEntityException',
        $metadata: { httpStatusCode: 404 },
      });
    });

    it('lists roles page by page', async () => {
      const names = [await aRole(), await aRole(), await aRole()];
      const listed: string[] = [];
      for await (const page of paginateListRoles({ client, pageSize: 2 }, {})) {
        listed.push(...(page.Roles ?? []).map(({ RoleName }) => RoleName ?? ''));
      }
      expect(listed).toEqual(expect.arrayContaining(names));
      expect(new Set(listed).size).toBe(listed.length);
    });

    it('replaces a trust policy', async () => {
      const RoleName = await aRole();
      const PolicyDocument = JSON.stringify(trusting({ AWS: 'arn:aws:iam::193672423079:root' }));
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      const { Role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(
        trusting({ AWS: 'arn:aws:iam::193672423079:root' }),
      );
    });

    it('refuses a malformed trust policy and keeps the old one', async () => {
      const RoleName = await aRole();
      const withResource = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ec2.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Resource: '*',
          },
        ],
      });
      for (const PolicyDocument of ['{ no json', withResource]) {
        await expect(
          client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })),
        ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
      }
      const { Role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(trusting({ Service: 'ec2.amazonaws.com' }));
    });

    it('attaches and detaches managed policies; attaching twice is no error, detaching twice is', async () => {
      const RoleName = await aRole();
      const own = await aPolicy();
      for (const PolicyArn of [own, administratorAccess, own]) {
        await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      expect(await attachedTo(RoleName)).toEqual([own, administratorAccess].sort());
      await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: own }));
      expect(await attachedTo(RoleName)).toEqual([administratorAccess]);
      await expect(
        client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: own })),
      ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    });

    it('says NoSuchEntity of a policy too, so that it need not mean the role', async () => {
      const RoleName = await aRole();
      await expect(
        client.send(
          new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }),
        ),
      ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    });

    it('deletes no role that still has policies', async () => {
      const RoleName = await aRole();
      await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: readOnlyAccess }));
      await expect(client.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
        name: 'DeleteConflictException',
        $metadata: { httpStatusCode: 409 },
      });
      await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: readOnlyAccess }));
      await client.send(new DeleteRoleCommand({ RoleName }));
      await expect(client.send(new GetRoleCommand({ RoleName }))).rejects.toThrow(RoleName);
    });

    it('keeps inline policies', async () => {
      const RoleName = await aRole();
      const PolicyDocument = JSON.stringify(grant('s3:Get*'));
      await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument }));
      const { PolicyNames } = await client.send(new ListRolePoliciesCommand({ RoleName }));
      expect(PolicyNames).toEqual(['read']);
      const read = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'read' }));
      expect(decoded(read.PolicyDocument)).toEqual(grant('s3:Get*'));
      await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'read' }));
      await expect(
        client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'read' })),
      ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    });

    it('keeps boundary, session duration, description and tags', async () => {
      const RoleName = await aRole();
      const PermissionsBoundary = await aPolicy();
      await client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
      await client.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 43_200, Description: 'long' }));
      await client.send(
        new TagRoleCommand({
          RoleName,
          Tags: [
            { Key: 'a', Value: '1' },
            { Key: 'b', Value: '2' },
          ],
        }),
      );
      await client.send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }));
      const { Role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(Role).toMatchObject({
        MaxSessionDuration: 43_200,
        Description: 'long',
        PermissionsBoundary: { PermissionsBoundaryArn: PermissionsBoundary },
      });
      const { Tags } = await client.send(new ListRoleTagsCommand({ RoleName }));
      expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
      await client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      const { Role: unbounded } = await client.send(new GetRoleCommand({ RoleName }));
      expect(unbounded?.PermissionsBoundary).toBeUndefined();
    });

    it('keeps versions of a policy, five at most', async () => {
      const PolicyArn = await aPolicy();
      const versions: (string | undefined)[] = [];
      for (const SetAsDefault of [true, false, false, false]) {
        const { PolicyVersion } = await client.send(
          new CreatePolicyVersionCommand({
            PolicyArn,
            SetAsDefault,
            PolicyDocument: JSON.stringify(grant('s3:PutObject')),
          }),
        );
        versions.push(PolicyVersion?.VersionId);
      }
      expect(versions).toEqual(['v2', 'v3', 'v4', 'v5']);
      await expect(
        client.send(
          new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: JSON.stringify(grant('s3:*')) }),
        ),
      ).rejects.toMatchObject({ name: 'LimitExceededException' });
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      expect(Policy?.DefaultVersionId).toBe('v2');
      const { PolicyVersion } = await client.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }),
      );
      expect(decoded(PolicyVersion?.Document)).toEqual(grant('s3:PutObject'));
    });

    it('deletes no default version, and sets another', async () => {
      const PolicyArn = await aPolicy();
      await client.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: JSON.stringify(grant('s3:*')) }),
      );
      await expect(
        client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' })),
      ).rejects.toMatchObject({ name: 'DeleteConflictException' });
      await client.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
      await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
      const { Versions } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
      expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
        ['v2', true],
      ]);
      await client.send(new DeletePolicyCommand({ PolicyArn }));
      await expect(client.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
        name: 'NoSuchEntityException',
      });
    });

    it('tells who uses a policy', async () => {
      const PolicyArn = await aPolicy();
      const RoleName = await aRole();
      await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      const { PolicyRoles } = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
      expect(PolicyRoles?.map((role) => role.RoleName)).toEqual([RoleName]);
    });

    it('puts one role into an instance profile, and deletes none that holds one', async () => {
      const RoleName = await aRole();
      const InstanceProfileName = `profile-of-${RoleName}`;
      const profile = { InstanceProfileName };
      await client.send(new CreateInstanceProfileCommand(profile));
      await client.send(new AddRoleToInstanceProfileCommand({ ...profile, RoleName }));
      await expect(
        client.send(new AddRoleToInstanceProfileCommand({ ...profile, RoleName: await aRole() })),
      ).rejects.toMatchObject({ name: 'LimitExceededException' });
      const { InstanceProfiles } = await client.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
      expect(InstanceProfiles?.map((found) => found.InstanceProfileName)).toEqual([InstanceProfileName]);
      for (const send of [
        () => client.send(new DeleteInstanceProfileCommand(profile)),
        () => client.send(new DeleteRoleCommand({ RoleName })),
      ]) {
        await expect(send()).rejects.toMatchObject({ name: 'DeleteConflictException' });
      }
      await client.send(new RemoveRoleFromInstanceProfileCommand({ ...profile, RoleName }));
      await client.send(new DeleteInstanceProfileCommand(profile));
      await client.send(new DeleteRoleCommand({ RoleName }));
    });

    it('shows AWS managed policies', async () => {
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: administratorAccess }));
      const { PolicyVersion } = await client.send(
        new GetPolicyVersionCommand({
          PolicyArn: administratorAccess,
          VersionId: Policy?.DefaultVersionId ?? '',
        }),
      );
      expect(decoded(PolicyVersion?.Document)).toEqual(grant('*'));
    });

    it('tells the whole account in one answer', async () => {
      const RoleName = await aRole();
      await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: readOnlyAccess }));
      const details = await client.send(
        new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: 1000 }),
      );
      expect(details.UserDetailList ?? []).toEqual([]);
      expect(details.Policies ?? []).toEqual([]);
      expect(details.RoleDetailList?.find((role) => role.RoleName === RoleName)).toMatchObject({
        AttachedManagedPolicies: [{ PolicyArn: readOnlyAccess, PolicyName: 'ReadOnlyAccess' }],
      });
    });
  });
}
