import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import { inFolder, root } from './run-cli.ts';

const main = path.join(root, 'functions/cli/main.ts');

interface ProcessOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Close our end of its stdout at once, as `| head -0` would. */
  readonly closeStdout?: boolean;
  /** Its stdout is a file on a full disk. */
  readonly fullDisk?: boolean;
}

async function child(
  argv: readonly string[],
  { stdin = '', env = {}, closeStdout = false, fullDisk = false }: ProcessOptions = {},
) {
  const full = fullDisk ? await open('/dev/full', 'w') : null;
  const started = spawn(process.execPath, [main, ...argv], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', full?.fd ?? 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  started.stderr?.on('data', (bytes: Buffer) => (written.stderr += bytes.toString()));
  if (closeStdout) started.stdout?.destroy();
  else started.stdout?.on('data', (bytes: Buffer) => (written.stdout += bytes.toString()));
  started.stdin?.end(stdin);
  const exitCode = await new Promise<number | null>((resolve) => {
    started.on('close', resolve);
  });
  await full?.close();
  return { exitCode, ...written };
}

const ec2 =
  '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const other = ec2.replace('ec2', 'lambda');

describe('the process', () => {
  it('answers with its exit code, results on stdout, plain in a pipe', async () => {
    await inFolder({ 'a.json': ec2 }, async (folder) => {
      const file = path.join(folder, 'a.json');
      const [same, different, unreadable] = await Promise.all([
        child(['compare', file, '-'], { stdin: ec2 }),
        child(['compare', file, '-'], { stdin: other }),
        child(['compare', file, '-'], { stdin: '{' }),
      ]);
      expect(same).toEqual({ exitCode: 0, stdout: '= identical\n', stderr: '' });
      expect(different).toMatchObject({ exitCode: 2, stderr: '' });
      expect(different.stdout).not.toContain('\u001B');
      expect(unreadable).toMatchObject({ exitCode: 1, stdout: '' });
      expect(unreadable.stderr).toMatch(/^error: stdin: /);
    });
  });

  it('is coloured in a pipe only by force', async () => {
    const { stdout } = await child(['--help'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001B[1miam-drift\u001B[22m');
  });

  it('replays its scenes, and everything arrives though a pipe is slow', async () => {
    const { exitCode, stdout, stderr } = await child(['replay', '--json']);
    expect(exitCode).toBe(0);
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(stderr).toMatch(/^\d+ events, /);
  });

  it('says nothing about a pipe that was closed, and still answers with its exit code', async () => {
    await inFolder({ 'a.json': ec2 }, async (folder) => {
      const closed = await child(['compare', path.join(folder, 'a.json'), '-'], {
        stdin: other,
        closeStdout: true,
      });
      expect(closed).toEqual({ exitCode: 2, stdout: '', stderr: '' });
    });
  });
});

describe.runIf(existsSync('/dev/full'))('the process, where the disk is full', () => {
  it('says that its results are lost, goes on with the work, and fails', async () => {
    await inFolder({}, async (folder) => {
      const ledger = path.join(folder, 'ledger.json');
      const lost = await child(['replay', '--json', '--ledger', ledger], { fullDisk: true });
      expect(lost.exitCode).toBe(1);
      expect(lost.stderr).toMatch(/^error: the results cannot be written: the disk is full\n\d+ events, /);
      const kept: unknown = JSON.parse(await readFile(ledger, 'utf8'));
      expect(z.parse(z.object({ incidents: z.array(z.unknown()) }), kept).incidents.length).toBeGreaterThan(
        9,
      );
    });
  });

  it('fails, too, if that is known only once it has answered', async () => {
    const lost = await child(['--help'], { fullDisk: true });
    expect(lost).toMatchObject({
      exitCode: 1,
      stderr: 'error: the results cannot be written: the disk is full\n',
    });
  });
});

describe('replay --live', () => {
  const event = {
    eventTime: '2026-03-03T10:00:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName: 'UpdateAssumeRolePolicy',
    awsRegion: 'us-east-1',
    recipientAccountId: '444455556666',
    requestParameters: { roleName: 'app', policyDocument: '' },
  };
  const spec = `version: 1\ndefaults: { mode: enforce }\nroles: [{ name: app, trustPolicy: ${ec2} }]\n`;

  it('looks at the account behind the endpoint, and changes it only with --apply', async () => {
    const account = await startEmbeddedAccount({ accountId: '111122223333' });
    account.createRole({ roleName: 'app', trustPolicy: z.parse(z.json(), JSON.parse(other)) });
    const env = {
      AWS_ENDPOINT_URL_IAM: account.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const options = { stdin: JSON.stringify(event), env };
    await inFolder({ 'roles.yaml': spec }, async (folder) => {
      const argv = ['replay', '-', '--spec', path.join(folder, 'roles.yaml'), '--live'];
      expect(await child(argv, options)).toMatchObject({ exitCode: 2 });
      expect(account.role('app')?.trustPolicy).toMatchObject({
        Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }],
      });
      expect(await child([...argv, '--apply'], options)).toMatchObject({ exitCode: 0 });
      expect(account.role('app')?.trustPolicy).toMatchObject({
        Statement: [{ Principal: { Service: 'ec2.amazonaws.com' } }],
      });
    });
    await account.close();
  });
});

describe('check-node.mjs', () => {
  it('lets this node pass', async () => {
    const started = spawn(process.execPath, [path.join(root, 'scripts/check-node.mjs')]);
    const exitCode = await new Promise((resolve) => {
      started.on('close', resolve);
    });
    expect(exitCode).toBe(0);
  });

  it('says what to do without AWS credentials, and asks AWS nothing', async () => {
    const env = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const commands = [
      ['history'],
      ['pause', '--reason', 'x'],
      ['revoke-sessions', 'app', '--before', 'now'],
      ['replay', 'events/01-console-user-detaches-worker-policy.json', '--live'],
      ['notify-test', '--bus', 'iam-drift'],
    ];
    for (const { exitCode, stdout, stderr } of await Promise.all(
      commands.map((argv) => child(argv, { env })),
    )) {
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toContain('no AWS credentials are found: log in (aws sso login)');
      expect(stdout + stderr).not.toContain('dead-lettered');
    }
  });
});
