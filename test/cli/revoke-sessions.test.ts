import { describe, expect, it } from 'vitest';

import type { Json } from '../../shared/model.ts';
import { openAccount } from '../support/open-account.ts';
import { cli, jsonLines } from './run-cli.ts';

const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const before = '2026-03-02T10:00:00.000Z';
const revoked = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: ['*'],
      Resource: ['*'],
      Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
    },
  ],
};

/** An account with the role `app`, and the command on it. */
async function withRole(inlinePolicies: Readonly<Record<string, Json>> = {}, path = '/') {
  const { account } = await openAccount();
  account.createRole({ roleName: 'app', path, trustPolicy, inlinePolicies });
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  return {
    policies: () => account.role('app')?.inlinePolicies ?? {},
    revoke: (...argv: readonly string[]) =>
      cli(['revoke-sessions', ...argv], { env: { AWS_ENDPOINT_URL_IAM: account.endpoint } }),
  };
}

describe('revoke-sessions', () => {
  it('says whom it would cut off, and changes nothing without --apply', async () => {
    const { revoke, policies } = await withRole();
    const { exitCode, stdout } = await revoke('app', '--before', '2026-03-02T10:00Z');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`would cut off: every session issued before ${before}`);
    expect(stdout).toContain('the EC2 service can assume this role');
    expect(stdout).toContain('Nothing was changed');
    expect(policies()).toEqual({});
  });

  it('names who may open a new session, and nobody else', async () => {
    const { revoke } = await withRole();
    const { stdout } = await revoke('app', '--before', 'now', '--json');
    expect(jsonLines(stdout)).toMatchObject([
      { mayAssume: [{ principal: 'Service:ec2.amazonaws.com', actions: ['sts:AssumeRole'] }] },
    ]);
  });

  it('puts the policy that IAM’s console puts, and makes sure that it is there', async () => {
    const { revoke, policies } = await withRole();
    const { exitCode, stdout } = await revoke(
      'app',
      '--before',
      '2026-03-02T11:00:00+01:00',
      '--apply',
      '--json',
    );
    expect(exitCode).toBe(0);
    expect(policies()).toEqual({ AWSRevokeOlderSessions: revoked });
    expect(jsonLines(stdout)).toEqual([
      expect.objectContaining({ before, applied: true, verified: true, policyDocument: revoked }),
    ]);
  });

  it('takes a role by its ARN, and now for a time', async () => {
    const { revoke, policies } = await withRole({}, '/team/');
    expect(
      (await revoke('arn:aws:iam::123456789012:role/team/App', '--before', 'now', '--apply')).exitCode,
    ).toBe(0);
    expect(Object.keys(policies())).toEqual(['AWSRevokeOlderSessions']);
  });

  it.each([
    'arn:aws:iam::999988887777:role/app',
    'arn:aws:iam::123456789012:role/team/app',
    'arn:aws-cn:iam::123456789012:role/app',
  ])('cuts off nobody where the ARN is not that of the role that is found: %s', async (arn) => {
    const { revoke, policies } = await withRole();
    for (const apply of [[], ['--apply']]) {
      const { exitCode, stdout, stderr } = await revoke(arn, '--before', 'now', ...apply);
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`is not ${arn}`);
      expect(stderr).toContain('arn:aws:iam::123456789012:role/app');
    }
    expect(policies()).toEqual({});
  });

  it('refuses what can be no role, before anybody is asked', async () => {
    const { revoke, policies } = await withRole();
    for (const role of ['arn:aws:sts::123456789012:assumed-role/web/app', 'team/app']) {
      const { exitCode, stderr } = await revoke(role, '--before', 'now', '--apply');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/is the ARN of no role|write app/);
    }
    expect(policies()).toEqual({});
  });

  it('moves the time forward, never back', async () => {
    const { revoke, policies } = await withRole({ AWSRevokeOlderSessions: revoked });
    const earlier = await revoke('app', '--before', '2026-03-02T09:00:00Z', '--apply');
    expect(earlier.stdout).toContain('are refused already');
    expect(policies()).toEqual({ AWSRevokeOlderSessions: revoked });
    await revoke('app', '--before', '2026-03-02T12:00:00Z', '--apply');
    expect(JSON.stringify(policies())).toContain('"aws:TokenIssueTime":"2026-03-02T12:00:00.000Z"');
  });

  it('knows the console’s own spelling of the time', async () => {
    const [statement] = revoked.Statement;
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': ['2026-03-02T10:00:00Z'] } };
    const { revoke } = await withRole({
      AWSRevokeOlderSessions: { Version: '2012-10-17', Statement: [{ ...statement, Condition }] },
    });
    expect((await revoke('app', '--before', before)).stdout).toContain('are refused already');
  });

  it('does not overwrite a policy of that name that says something else', async () => {
    const other = {
      ...revoked,
      Statement: [...revoked.Statement, { Effect: 'Deny', Action: 's3:*', Resource: '*' }],
    };
    const { revoke, policies } = await withRole({ AWSRevokeOlderSessions: other });
    const { exitCode, stderr } = await revoke('app', '--before', 'now', '--apply');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('says something else');
    expect(policies()).toEqual({ AWSRevokeOlderSessions: other });
  });

  it.each([
    [[], 'write a time with its zone'],
    [['--before', 'yesterday'], 'yesterday: write a time with its zone'],
    [['--before', '2026-03-02T10:00:00'], 'write a time with its zone'],
    [['--before', '2026-02-30T10:00:00Z'], '2026-02-30T10:00:00Z: there is no such time'],
    [['--before', '2025-02-29T10:00+02:00'], 'there is no such time'],
    [['--before', '2026-03-01T24:00Z'], 'there is no such time'],
    [['--before', '2026-03-01T25:00Z'], 'write a time with its zone'],
    [['--before', '2999-01-01T00:00:00Z'], 'is to come'],
  ])('refuses %j', async (argv, words) => {
    const { exitCode, stderr } = await cli(['revoke-sessions', 'app', ...argv]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
  });

  it('says that there is no such role', async () => {
    const { revoke } = await withRole();
    const { exitCode, stderr } = await revoke('nobody', '--before', 'now', '--apply');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/nobody/);
  });
});
