import {
  GetAccountAuthorizationDetailsCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  paginateGetAccountAuthorizationDetails,
  type IAMClient,
  type ManagedPolicyDetail,
  type RoleDetail,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { decoded, grant, readOnlyAccess, trusting } from '../support/iam-contract.ts';
import { openAccount } from '../support/open-account.ts';

const own = 'arn:aws:iam::123456789012:policy/team/mine';

function fill(account: EmbeddedAccount): void {
  account.createPolicy({ arn: own, document: grant('s3:Get*') });
  account.createRole({
    roleName: 'Second',
    path: '/team/',
    trustPolicy: trusting({
      AWS: ['arn:aws:iam::123456789012:role/first', 'arn:aws:iam::123456789012:user/alice'],
    }),
    managedPolicies: [own, readOnlyAccess],
    inlinePolicies: { 'read+write': grant('s3:*') },
    permissionsBoundary: own,
    tags: { team: 'é', __proto__x: '' },
    instanceProfiles: ['second-profile'],
  });
  account.createRole({
    roleName: 'orphaned',
    trustPolicy: trusting({ AWS: 'arn:aws:iam::123456789012:user/gone' }),
  });
  account.removePrincipal('arn:aws:iam::123456789012:user/gone');
}

async function detailsOf(client: IAMClient, pageSize: number) {
  const RoleDetailList: RoleDetail[] = [];
  const UserDetailList: UserDetail[] = [];
  const Policies: ManagedPolicyDetail[] = [];
  for await (const page of paginateGetAccountAuthorizationDetails({ client, pageSize }, {})) {
    RoleDetailList.push(...(page.RoleDetailList ?? []));
    UserDetailList.push(...(page.UserDetailList ?? []));
    Policies.push(...(page.Policies ?? []));
  }
  return { RoleDetailList, UserDetailList, Policies };
}

describe('authorization details', () => {
  it.each([1, 2, 100])('make the same account again, read by pages of %i', async (pageSize) => {
    const original = await openAccount();
    fill(original.account);
    const details = await detailsOf(original.client, pageSize);

    const copy = await openAccount();
    copy.account.loadAuthorizationDetails(JSON.parse(JSON.stringify(details)));
    expect(copy.account.roles()).toEqual(original.account.roles());
    expect(await detailsOf(copy.client, 100)).toEqual(details);
    expect(details.Policies.map(({ Arn, AttachmentCount }) => [Arn, AttachmentCount])).toEqual([
      [own, 1],
      [readOnlyAccess, 1],
    ]);
  });

  it('are of the kinds asked for', async () => {
    const { account, client } = await openAccount();
    fill(account);
    const { UserDetailList, RoleDetailList, Policies } = await client.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'] }),
    );
    expect([...(UserDetailList ?? []), ...(RoleDetailList ?? [])]).toEqual([]);
    expect(Policies?.map(({ Arn }) => Arn)).toEqual([own]);
  });

  it('may hold documents as objects, as the AWS CLI prints them', async () => {
    const { account, client } = await openAccount();
    account.loadAuthorizationDetails({
      RoleDetailList: [
        {
          RoleName: 'app',
          Arn: 'arn:aws:iam::123456789012:role/app',
          RoleId: 'AROAEXAMPLEEXAMPLE123',
          AssumeRolePolicyDocument: trusting({ Service: 'ec2.amazonaws.com' }),
          RolePolicyList: [{ PolicyName: 'p', PolicyDocument: grant('s3:*') }],
        },
      ],
      Policies: [
        {
          Arn: own,
          DefaultVersionId: 'v2',
          PolicyVersionList: [
            { VersionId: 'v2', Document: grant('s3:*') },
            { VersionId: 'v1', Document: grant('s3:Get*') },
          ],
        },
      ],
    });
    expect(account.role('app')).toMatchObject({
      roleId: 'AROAEXAMPLEEXAMPLE123',
      trustPolicy: trusting({ Service: 'ec2.amazonaws.com' }),
      inlinePolicies: { p: grant('s3:*') },
    });
    const { PolicyVersion } = await client.send(
      new GetPolicyVersionCommand({ PolicyArn: own, VersionId: 'v1' }),
    );
    expect(decoded(PolicyVersion?.Document)).toEqual(grant('s3:Get*'));
    const { Versions } = await client.send(new ListPolicyVersionsCommand({ PolicyArn: own }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v2', 'v1']);
  });

  it('are refused where they are of another account, or something else', async () => {
    const { account } = await openAccount();
    const role = {
      RoleName: 'app',
      Arn: 'arn:aws:iam::210987654321:role/app',
      AssumeRolePolicyDocument: trusting({ AWS: '*' }),
    };
    expect(() => account.loadAuthorizationDetails({ RoleDetailList: [role] })).toThrow(
      'the authorization details are of another account: arn:aws:iam::210987654321:role/app',
    );
    for (const nonsense of [null, 3, [], { RoleDetailList: [{}] }]) {
      expect(() => account.loadAuthorizationDetails(nonsense)).toThrow('get-account-authorization-details');
    }
    expect(account.roles()).toEqual([]);
  });
});
