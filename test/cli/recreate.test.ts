import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { callsOf } from '../support/aws-cli-script.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { aSpec, attach, managed } from '../support/app-role.ts';
import { cli, inFolder, jsonLines } from './run-cli.ts';

const spec = `
version: 1
defaults: { mode: detect }
roles:
  - name: App
    path: /team/
    description: Bob's "role"; $HOME and \`id\`
    maxSessionDuration: 7200
    permissionsBoundary: arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/boundary
    tags: { team: platform }
    trustPolicy:
      Version: '2012-10-17'
      Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }]
    managedPolicies: ['arn:\${AWS::Partition}:iam::aws:policy/ReadOnlyAccess']
    inlinePolicies:
      read:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: '*' }]
    instanceProfile: app-profile
`;
const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const readS3 = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const description = 'Bob\'s "role"; $HOME and `id`';

async function recreate(...argv: readonly string[]) {
  return cli(['recreate', ...argv, '--spec', '-'], { stdin: spec });
}

describe('recreate', () => {
  it('prints a script that makes all that is declared, whatever the texts hold', async () => {
    const { exitCode, stdout, stderr } = await recreate('app', '--account-id', '111122223333');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('another unique id');
    expect(await callsOf(stdout)).toEqual([
      [
        'iam create-role',
        {
          RoleName: 'App',
          Path: '/team/',
          AssumeRolePolicyDocument: JSON.stringify(trustPolicy),
          MaxSessionDuration: 7200,
          Description: description,
          PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
        },
      ],
      ['iam wait role-exists', { RoleName: 'App' }],
      ['iam attach-role-policy', { RoleName: 'App', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      [
        'iam put-role-policy',
        { RoleName: 'App', PolicyName: 'read', PolicyDocument: JSON.stringify(readS3) },
      ],
      ['iam tag-role', { RoleName: 'App', Tags: [{ Key: 'team', Value: 'platform' }] }],
      ['iam add-role-to-instance-profile', { RoleName: 'App', InstanceProfileName: 'app-profile' }],
    ]);
  });

  it('takes the role’s ARN, which says where it is', async () => {
    const byArn = await recreate('arn:aws-cn:iam::111122223333:role/team/app');
    const byName = await recreate('app', '--account-id', '111122223333', '--partition', 'aws-cn');
    expect(byArn.stdout).toContain('arn:aws-cn:iam::111122223333:policy/boundary');
    expect(byArn).toEqual(byName);
    const two = await recreate('arn:aws:iam::111122223333:role/app', '--account-id', '444455556666');
    expect([two.exitCode, two.stdout]).toEqual([1, '']);
    expect(two.stderr).toContain('in account 111122223333 by its ARN, and --account-id is 444455556666');
  });

  it('prints a CloudFormation template of the same role', async () => {
    const { stdout } = await recreate('app', '--account-id', '111122223333', '--cloudformation');
    expect(JSON.parse(stdout)).toMatchObject({
      Resources: { Role: { Properties: { RoleName: 'App', AssumeRolePolicyDocument: trustPolicy } } },
    });
  });

  it('has no template of a role into which CloudFormation would put a secret, and says why', async () => {
    const withSecret = spec.replace(/description: .*/, 'description: "{{resolve:ssm:/prod/db:1}}"');
    const printed = async (...argv: readonly string[]) =>
      cli(['recreate', 'app', '--account-id', '111122223333', '--spec', '-', ...argv], { stdin: withSecret });
    const template = await printed('--cloudformation');
    expect([template.exitCode, template.stdout]).toEqual([1, '']);
    expect(template.stderr).toContain('{{resolve:…}}');
    expect(template.stderr).toContain('leave out --cloudformation');
    const both = await printed('--json');
    expect(both.exitCode).toBe(0);
    expect(jsonLines(both.stdout)).toMatchObject([{ cloudFormation: null }]);
    expect(both.stderr).toContain('{{resolve:…}}');
    const script = await printed();
    expect(script.exitCode).toBe(0);
    expect(await callsOf(script.stdout)).toContainEqual([
      'iam create-role',
      expect.objectContaining({ Description: '{{resolve:ssm:/prod/db:1}}' }),
    ]);
  });

  it('prints both for programs, in the partition that is asked for', async () => {
    const { stdout } = await recreate(
      'App',
      '--account-id',
      '111122223333',
      '--partition',
      'aws-cn',
      '--json',
    );
    const [both] = jsonLines(stdout);
    expect(Object.keys(z.parse(z.record(z.string(), z.unknown()), both))).toEqual([
      'from',
      'script',
      'cloudFormation',
    ]);
    expect(stdout).toContain('arn:aws-cn:iam::aws:policy/ReadOnlyAccess');
    expect(stdout).not.toContain('arn:aws:');
  });

  it.each([
    [['app'], '--account-id 111122223333'],
    [['app', '--account-id', '1'], '--account-id 111122223333'],
    [['app', '--account-id', '111122223333', '--partition', 'x'], '--partition "x"'],
    [['nobody', '--account-id', '111122223333'], 'declares no role nobody'],
  ])('refuses %j', async (argv, words) => {
    const { exitCode, stdout, stderr } = await recreate(...argv);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
  });
});

const at = (eventTime: string) => ({ eventTime: `2026-03-02T${eventTime}Z` });

describe('recreate --incident', () => {
  it('prints the role as the incident found it', async () => {
    const files = {
      'roles.yaml': aSpec({ more: { mode: 'detect' } }),
      'event.json': JSON.stringify(attach('SecurityAudit')),
    };
    await inFolder(files, async (cwd) => {
      const options = ['--spec', 'roles.yaml', '--ledger', 'ledger.json'];
      await cli(['replay', 'event.json', ...options], { cwd });
      const history = await cli(['history', '--json', '--ledger', 'ledger.json'], { cwd });
      const [incident] = jsonLines(history.stdout);
      const { incidentId } = z.parse(z.object({ incidentId: z.string() }), incident);
      const { exitCode, stdout } = await cli(['recreate', 'APP', '--incident', incidentId, ...options], {
        cwd,
      });
      expect(exitCode).toBe(0);
      expect((await callsOf(stdout)).filter(([call]) => call === 'iam attach-role-policy')).toEqual(
        ['ReadOnlyAccess', 'SecurityAudit'].map((name) => [
          'iam attach-role-policy',
          { RoleName: 'app', PolicyArn: managed(name) },
        ]),
      );
      const other = await cli(['recreate', 'other', '--incident', incidentId, ...options], { cwd });
      expect(other.stderr).toContain('no incident');
    });
  });

  it('of a deletion prints the role as it was last seen in sync, without a spec', async () => {
    const files = {
      'roles.yaml': JSON.stringify({ version: 1, roles: [{ name: 'app', trustPolicy }] }),
      'events.json': JSON.stringify([
        anIamEvent('TagRole', { roleName: 'app', tags: [{ key: 'team', value: 'web' }] }, at('10:00:00')),
        anIamEvent('DeleteRole', { roleName: 'app' }, at('12:00:00')),
      ]),
    };
    await inFolder(files, async (cwd) => {
      const ledger = ['--ledger', 'ledger.json'];
      await cli(['replay', 'events.json', '--spec', 'roles.yaml', ...ledger], { cwd });
      const history = await cli(['history', '--json', ...ledger], { cwd });
      const [deletion] = jsonLines(history.stdout);
      const { incidentId } = z.parse(z.object({ incidentId: z.string() }), deletion);
      const printed = await cli(['recreate', 'app', '--incident', incidentId, ...ledger], { cwd });
      expect(printed.exitCode).toBe(0);
      expect(await callsOf(printed.stdout)).toEqual([
        [
          'iam create-role',
          expect.objectContaining({ AssumeRolePolicyDocument: JSON.stringify(trustPolicy) }),
        ],
        ['iam wait role-exists', { RoleName: 'app' }],
        ['iam tag-role', { RoleName: 'app', Tags: [{ Key: 'team', Value: 'web' }] }],
      ]);
      expect(printed.stderr).toContain('iam-drift approve app');
    });
  });

  it('of a deletion, though the same incident has found another role there since', async () => {
    const files = {
      'roles.yaml': JSON.stringify({
        version: 1,
        defaults: { mode: 'enforce' },
        roles: [{ name: 'app', whenDeleted: 'recreate', trustPolicy, tags: { team: 'web' } }],
      }),
      'events.json': JSON.stringify([
        anIamEvent('TagRole', { roleName: 'app', tags: [{ key: 'cost', value: '1' }] }, at('10:00:00')),
        anIamEvent('DeleteRole', { roleName: 'app' }, at('12:00:00')),
        anIamEvent(
          'CreateRole',
          { roleName: 'app', assumeRolePolicyDocument: JSON.stringify(trustPolicy) },
          at('12:01:00'),
        ),
      ]),
    };
    await inFolder(files, async (cwd) => {
      const ledger = ['--ledger', 'ledger.json'];
      await cli(['replay', 'events.json', '--spec', 'roles.yaml', ...ledger], { cwd });
      const history = await cli(['history', '--json', ...ledger], { cwd });
      const [incident] = jsonLines(history.stdout);
      const { incidentId, report } = z.parse(
        z.object({ incidentId: z.string(), report: z.object({ drift: z.object({ status: z.string() }) }) }),
        incident,
      );
      expect(report.drift.status).toBe('MODIFIED');
      const printed = await cli(['recreate', 'app', '--incident', incidentId, ...ledger], { cwd });
      expect(printed.stdout).toContain('"cost"');
    });
  });
});
