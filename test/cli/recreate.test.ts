import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { aSpec, attach, managed } from '../support/app-role.ts';
import { cli, inFolder, jsonLines } from './run-cli.ts';

const run = promisify(execFile);

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

/** Instead of the AWS CLI: prints its arguments as JSON, one call a line. */
const fakeAws = `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\n`;

/** What a shell makes of the script: the calls, with their input parsed. */
async function callsOf(script: string): Promise<readonly (readonly [string, unknown])[]> {
  return inFolder({ aws: fakeAws, 'script.sh': script }, async (folder) => {
    await run('chmod', ['+x', join(folder, 'aws')]);
    const { stdout } = await run('sh', [join(folder, 'script.sh')], {
      env: { PATH: `${folder}:/usr/bin:/bin`, HOME: '/home/nobody' },
    });
    return jsonLines(stdout).map((line) => {
      const words = z.parse(z.array(z.string()), line);
      const at = words.indexOf('--cli-input-json');
      const input: unknown = JSON.parse(words[at + 1] ?? '');
      return [words.slice(0, at).join(' '), input] as const;
    });
  });
}

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
          Tags: [{ Key: 'team', Value: 'platform' }],
        },
      ],
      ['iam wait role-exists', { RoleName: 'App' }],
      ['iam attach-role-policy', { RoleName: 'App', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      [
        'iam put-role-policy',
        { RoleName: 'App', PolicyName: 'read', PolicyDocument: JSON.stringify(readS3) },
      ],
      ['iam add-role-to-instance-profile', { RoleName: 'App', InstanceProfileName: 'app-profile' }],
    ]);
  });

  it('prints a CloudFormation template of the same role', async () => {
    const { stdout } = await recreate('app', '--account-id', '111122223333', '--cloudformation');
    expect(JSON.parse(stdout)).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          DeletionPolicy: 'Retain',
          Properties: {
            RoleName: 'App',
            Path: '/team/',
            AssumeRolePolicyDocument: trustPolicy,
            MaxSessionDuration: 7200,
            Description: description,
            PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
            ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
            Policies: [{ PolicyName: 'read', PolicyDocument: readS3 }],
            Tags: [{ Key: 'team', Value: 'platform' }],
          },
        },
      },
    });
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
});
