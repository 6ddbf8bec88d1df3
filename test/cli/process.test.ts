import { spawn } from 'node:child_process';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { inFolder, root } from './run-cli.ts';

const main = path.join(root, 'functions/cli/main.ts');

interface ProcessOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Close our end of its stdout at once, as `| head -0` would. */
  readonly closeStdout?: boolean;
}

async function child(
  argv: readonly string[],
  { stdin = '', env = {}, closeStdout = false }: ProcessOptions = {},
) {
  const started = spawn(process.execPath, [main, ...argv], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
  });
  const written = { stdout: '', stderr: '' };
  started.stderr.on('data', (bytes: Buffer) => (written.stderr += bytes.toString()));
  if (closeStdout) started.stdout.destroy();
  else started.stdout.on('data', (bytes: Buffer) => (written.stdout += bytes.toString()));
  started.stdin.end(stdin);
  const exitCode = await new Promise<number | null>((resolve) => {
    started.on('close', resolve);
  });
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

  it('says nothing about a pipe that was closed', async () => {
    expect(await child(['replay'], { closeStdout: true })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
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
});
