import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  GetRoleCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';

import type { Json } from '../../shared/model.ts';
import { parsePolicyText } from '../../shared/policy/parse.ts';
import { decoded, trusting } from '../support/iam-contract.ts';
import { openAccount } from '../support/open-account.ts';

const service = trusting({ Service: 'ec2.amazonaws.com' });
const deployer = 'arn:aws:iam::123456789012:role/team/deployer';
const alice = 'arn:aws:iam::123456789012:user/alice';
const stranger = 'arn:aws:iam::210987654321:role/stranger';

const put = (client: IAMClient, document: Json | string, RoleName = 'app') =>
  client.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName,
      PolicyDocument: typeof document === 'string' ? document : JSON.stringify(document),
    }),
  );

async function accountWithApp(partition = 'aws') {
  const opened = await openAccount({ partition });
  opened.account.createRole({ roleName: 'app', trustPolicy: service });
  const shown = async () => {
    const { Role } = await opened.client.send(new GetRoleCommand({ RoleName: 'app' }));
    return decoded(Role?.AssumeRolePolicyDocument);
  };
  return { ...opened, shown };
}

describe('trust policies in the embedded account', () => {
  it('shows an account id as the root ARN of its own partition', async () => {
    const { client, shown } = await accountWithApp('aws-us-gov');
    await put(client, trusting({ AWS: ['210987654321', '*'], Service: 'ec2.amazonaws.com' }));
    expect(await shown()).toEqual(
      trusting({ AWS: ['arn:aws-us-gov:iam::210987654321:root', '*'], Service: 'ec2.amazonaws.com' }),
    );
  });

  it('encodes what RFC 3986 reserves, blanks as %20 and plus signs as %2B', async () => {
    const { account, client } = await accountWithApp();
    account.createRole({ roleName: 'a+b', trustPolicy: trusting({ Service: "x y+z!'()*.com" }) });
    const { Role } = await client.send(new GetRoleCommand({ RoleName: 'a+b' }));
    expect(Role?.AssumeRolePolicyDocument).toContain('x%20y%2Bz%21%27%28%29%2A.com');
  });

  it('keeps the form of lists and the order of elements, and gives condition values back as text', async () => {
    const { client, shown } = await accountWithApp();
    const statement = {
      Sid: '',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Principal: { AWS: ['123456789012'] },
      Condition: {
        Bool: { 'aws:MultiFactorAuthPresent': true },
        NumericLessThan: { 'aws:MultiFactorAuthAge': [3600, '60'] },
      },
    };
    await put(client, { Version: '2012-10-17', Statement: statement });
    expect(JSON.stringify(await shown())).toBe(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          ...statement,
          Principal: { AWS: ['arn:aws:iam::123456789012:root'] },
          Condition: {
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            NumericLessThan: { 'aws:MultiFactorAuthAge': ['3600', '60'] },
          },
        },
      }),
    );
  });

  it.each([
    ['a role that is not there', deployer],
    ['a user that is not there', alice],
    ['an account of another partition', 'arn:aws-cn:iam::210987654321:root'],
    ['an id that belongs to nobody', 'AROAEXAMPLEEXAMPLE123'],
  ])('refuses %s and keeps the old document', async (_what, principal) => {
    const { client, shown } = await accountWithApp();
    await expect(put(client, trusting({ AWS: principal }))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: `Invalid principal in policy: "AWS":"${principal}"`,
    });
    expect(await shown()).toEqual(service);
  });

  it('takes roles, users, sessions and other accounts that exist', async () => {
    const { account, client, shown } = await accountWithApp();
    const document = trusting({
      AWS: [deployer, alice, stranger, 'arn:aws:sts::123456789012:assumed-role/deployer/session'],
    });
    account.ensurePrincipals(document);
    await put(client, document);
    expect(await shown()).toEqual(document);
  });

  it('shows the id of a deleted role, which a new role of the same name does not heal', async () => {
    const { account, client, shown } = await accountWithApp();
    const create = new CreateRoleCommand({
      RoleName: 'deployer',
      Path: '/team/',
      AssumeRolePolicyDocument: JSON.stringify(service),
    });
    const { Role: first } = await client.send(create);
    await put(client, trusting({ AWS: deployer }));
    await client.send(new DeleteRoleCommand({ RoleName: 'deployer' }));
    expect(await shown()).toEqual(trusting({ AWS: first?.RoleId ?? '' }));
    await expect(put(client, trusting({ AWS: deployer }))).rejects.toThrow('Invalid principal in policy');

    const { Role: second } = await client.send(create);
    expect(second?.RoleId).not.toBe(first?.RoleId);
    expect(await shown()).toEqual(trusting({ AWS: first?.RoleId ?? '' }));
    await put(client, trusting({ AWS: deployer }));
    expect(await shown()).toEqual(trusting({ AWS: deployer }));
    expect(account.role('DEPLOYER')?.arn).toBe(deployer);
  });

  it('shows the id of a deleted user', async () => {
    const { client, shown } = await accountWithApp();
    const { User } = await client.send(new CreateUserCommand({ UserName: 'alice' }));
    await put(client, trusting({ AWS: alice }));
    await client.send(new DeleteUserCommand({ UserName: 'Alice' }));
    expect(User?.UserId).toMatch(/^AIDA[A-Z0-9]{17}$/);
    expect(await shown()).toEqual(trusting({ AWS: User?.UserId ?? '' }));
  });

  it('lets principals vanish and come back, here and in other accounts', async () => {
    const { account, client, shown } = await accountWithApp();
    account.createRole({ roleName: 'app', trustPolicy: trusting({ AWS: [deployer, stranger] }) });
    account.removePrincipal(deployer);
    account.removePrincipal(stranger);
    expect(account.role('deployer')).toBeNull();
    const ids = { AWS: [expect.stringMatching(/^AROA/), expect.stringMatching(/^AROA/)] };
    expect(await shown()).toMatchObject({ Statement: [{ Principal: ids }] });
    await expect(put(client, trusting({ AWS: stranger }))).rejects.toThrow(`"AWS":"${stranger}"`);

    account.ensurePrincipals(trusting({ AWS: [deployer, stranger] }));
    expect(await shown()).toMatchObject({ Statement: [{ Principal: ids }] });
    await put(client, trusting({ AWS: [deployer, stranger] }));
    expect(await shown()).toEqual(trusting({ AWS: [deployer, stranger] }));
  });

  it.each([
    ['no JSON', '{ "Version": ', 'This policy contains invalid Json'],
    ['percent-encoded text', '%7B%7D', 'This policy contains invalid Json'],
    ['leading blanks', ` ${JSON.stringify(service)}`, 'JSON strings must not have leading spaces'],
    [
      'a duplicate member',
      '{"Version":"2012-10-17","Version":"2012-10-17"}',
      'This policy contains invalid Json',
    ],
    [
      'a bare star',
      JSON.stringify(trusting('*')),
      'AssumeRolepolicy contained an invalid principal: "STAR":"*"',
    ],
    [
      'an action outside STS',
      JSON.stringify(trusting({ AWS: '*' }, 's3:*')),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
  ])('refuses %s in IAM’s words', async (_what, text, message) => {
    const { client } = await accountWithApp();
    await expect(put(client, text)).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message,
    });
  });

  it('does not count white space, but nothing else beyond the quota', async () => {
    const { account, client } = await accountWithApp();
    const principals = Array.from({ length: 70 }, (_, index) => String(100_000_000_000 + index));
    await put(client, JSON.stringify(service, null, ' '.repeat(10)) + ' '.repeat(5000));
    const long = trusting({ AWS: [...principals, ...principals] });
    await expect(put(client, long)).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    });
    account.setQuota('ACLSizePerRole', 4096);
    await put(client, long);
  });

  it('is not led astray by members called __proto__ and constructor', async () => {
    const { account } = await accountWithApp();
    const trap =
      '{"Statement":[{"Principal":{"__proto__":"x","AWS":"123456789012"},"constructor":{}}],"constructor":1,"__proto__":{}}';
    const document = parsePolicyText(trap);
    account.createRole({ roleName: 'trap', trustPolicy: document });
    expect(JSON.stringify(account.role('trap')?.trustPolicy)).toBe(
      trap.replace('123456789012', 'arn:aws:iam::123456789012:root'),
    );
  });
});
