import { describe, expect, it } from 'vitest';

import { cli, inFolder } from './run-cli.ts';

const trust = (principal: unknown, sid?: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...(sid === undefined ? {} : { Sid: sid }),
        Effect: 'Allow',
        Principal: principal,
        Action: 'sts:AssumeRole',
      },
    ],
  });
const ec2 = trust({ Service: 'ec2.amazonaws.com' });
const ec2Spelt = trust({ Service: ['ec2.amazonaws.com'] }, 'Spelt');
const outsider = trust({ AWS: 'arn:aws:iam::193672423079:root' });
const files = { 'ec2.json': ec2, 'spelt.json': ec2Spelt, 'outsider.json': outsider };

describe('compare', () => {
  it('exits 0 for the same meaning and 2 for another', async () => {
    await inFolder(files, async (cwd) => {
      expect((await cli(['compare', 'ec2.json', 'ec2.json'], { cwd })).stdout).toBe('= identical\n');
      const spelt = await cli(['compare', 'ec2.json', 'spelt.json'], { cwd });
      expect(spelt).toMatchObject({ exitCode: 0, stderr: '' });
      expect(spelt.stdout).toMatch(/^= equivalent: /);
      expect((await cli(['compare', 'ec2.json', 'outsider.json'], { cwd })).exitCode).toBe(2);
    });
  });

  it('says what access was gained and lost', async () => {
    await inFolder(files, async (cwd) => {
      const { stdout } = await cli(['compare', 'ec2.json', 'outsider.json'], { cwd, colour: true });
      expect(stdout).toMatch(/\+ .*193672423079.* can now assume this role/);
      expect(stdout).toMatch(/- .* can no longer assume this role/);
      const json = await cli(['compare', 'ec2.json', '-', '--json'], { cwd, stdin: outsider });
      expect(JSON.parse(json.stdout)).toMatchObject({
        equivalent: false,
        identical: false,
        access: {
          gained: [{ principal: 'AWS:arn:aws:iam::193672423079:root', conditions: {} }],
          lost: [{ principal: 'Service:ec2.amazonaws.com' }],
        },
      });
      expect(json).toMatchObject({ exitCode: 2, stderr: '' });
    });
  });

  it('reads what IAM returns: percent-encoded', async () => {
    await inFolder(files, async (cwd) => {
      const encoded = encodeURIComponent(ec2Spelt);
      expect((await cli(['compare', '-', 'ec2.json'], { cwd, stdin: encoded })).exitCode).toBe(0);
    });
  });

  it('names the document that it cannot read', async () => {
    await inFolder({ ...files, 'cut.json': ec2.slice(0, 40) }, async (cwd) => {
      const cut = await cli(['compare', 'ec2.json', 'cut.json', '--json'], { cwd });
      expect(cut).toMatchObject({ exitCode: 1, stdout: '' });
      expect(cut.stderr).toMatch(/^error: cut\.json: /);
      const missing = await cli(['compare', 'ec2.json', 'nowhere.json'], { cwd });
      expect(missing.stderr).toBe('error: nowhere.json: cannot be read: there is no such file\n');
      const binary = await cli(['compare', 'ec2.json', '-'], {
        cwd,
        stdin: new Uint8Array([0xff, 0xfe, 0x00]),
      });
      expect(binary.exitCode).toBe(1);
      expect(binary.stderr).toBe('error: stdin: is no UTF-8 text, but UTF-16, it seems. Save it as UTF-8\n');
      const marked = await cli(['compare', 'ec2.json', '-'], { cwd, stdin: `\uFEFF${ec2}` });
      expect(marked).toMatchObject({ exitCode: 1, stdout: '' });
      expect(marked.stderr).toContain('begins with a byte order mark, which IAM refuses');
      expect((await cli(['compare', '-', '-'], { cwd })).exitCode).toBe(1);
      expect((await cli(['compare', 'ec2.json', 'ec2.json', '--kind', 'x'], { cwd })).exitCode).toBe(1);
    });
  });

  it('says how to ask for the document alone, where it gets a whole answer of IAM', async () => {
    const document: unknown = JSON.parse(ec2);
    await inFolder(files, async (cwd) => {
      for (const [answer, query] of [
        [{ Role: { AssumeRolePolicyDocument: document } }, 'Role.AssumeRolePolicyDocument'],
        [{ PolicyVersion: { Document: document } }, 'PolicyVersion.Document'],
        [{ RoleName: 'a', PolicyName: 'b', PolicyDocument: document }, 'PolicyDocument'],
      ] as const) {
        const { stderr } = await cli(['compare', 'ec2.json', '-'], { cwd, stdin: JSON.stringify(answer) });
        expect(stderr).toBe(
          `error: stdin: is a whole answer of IAM, and the policy document is a part of it: add --query ${query} to the aws command\n`,
        );
      }
      expect((await cli(['compare', 'ec2.json', '-'], { cwd, stdin: ' \n' })).stderr).toBe(
        'error: stdin: is empty\n',
      );
    });
  });

  it('shows attacker text without obeying it', async () => {
    await inFolder(files, async (cwd) => {
      const stdin = trust({ AWS: 'arn:aws:iam::193672423079:role/\u001B[2J\u202Ex' });
      const { stdout, stderr } = await cli(['compare', 'ec2.json', '-'], { cwd, stdin });
      expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    });
  });
});
