import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { anIamEvent, inEnvelope } from '../support/cloudtrail-events.ts';
import { cli, inFolder, jsonLines } from '../cli/run-cli.ts';
import { ABOUT_LINEAR, growth } from './cpu-time.ts';
import { INERT, STACK_TRACE, TRAPS } from './names.ts';

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const json = (value: unknown) => JSON.stringify(value);
const event = anIamEvent('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument: json(trust) });
const noise = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index * 31 + index) % 251);
const deep = 50_000;

const goodSpec = json({ version: 1, roles: [{ name: 'app', trustPolicy: trust }] });

/** Each is unusable as a policy, as a spec and as a file of events. */
const unusable: Readonly<Record<string, string | Uint8Array>> = {
  'noise.json': noise,
  'empty.json': '',
  'nul.json': new Uint8Array(1_000_000),
  'cut.json.gz': gzipSync(json(event)).subarray(0, 60),
  'no-gzip.json.gz': Uint8Array.of(0x1f, 0x8b, 8, ...noise),
  'cut.json': json(event).slice(0, -1),
  'bare-value.json': '42',
  'brackets.json': '['.repeat(deep),
  'braces.json': '{"a":'.repeat(deep),
  'escape.json': '\u001B]0;owned\u0007\u001B[2J\u202E{',
  'half-characters.json': `"${'\\ud800'.repeat(1000)}`,
  'long-line.json': `{"a":"${'x'.repeat(10_000_000)}`,
  'utf-16.json': Buffer.from('\uFEFF{"Version":', 'utf16le'),
  'proto.json': '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  'wrong-types.json': json({ Records: [Object.fromEntries(Object.keys(event).map((key) => [key, [[{}]]]))] }),
  '\u001B[2J name.json': '{',
};

/** The exit code, after looking whether what was written is fit for a person, a terminal and a pipe. */
async function refusal(argv: readonly string[], cwd: string): Promise<number> {
  const { exitCode, stdout, stderr } = await cli(argv, { cwd });
  expect(stderr.trim()).not.toBe('');
  expect(stderr).not.toMatch(STACK_TRACE);
  expect(stdout + stderr).toMatch(INERT);
  expect(stderr.length).toBeLessThan(200_000);
  if (argv.includes('--json')) jsonLines(stdout);
  return exitCode;
}

it('the command line takes usable files by the same arguments', async () => {
  const files = { 'good.json': json(trust), 'roles.yaml': goodSpec, 'event.json': json(event) };
  await inFolder(files, async (cwd) => {
    for (const argv of [
      ['compare', 'good.json', 'good.json'],
      ['validate', '--spec', 'roles.yaml'],
      ['replay', '--spec', 'roles.yaml', 'event.json'],
    ])
      expect(await cli(argv, { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('the command line refuses', () => {
  it.each(Object.keys(unusable))(
    '%j as a policy, a spec, events, a start state and a ledger',
    async (name) => {
      const files = {
        'good.json': json(trust),
        'roles.yaml': goodSpec,
        'event.json': json(event),
        [name]: unusable[name] ?? '',
      };
      await inFolder(files, async (cwd) => {
        expect(await refusal(['compare', 'good.json', name], cwd)).toBe(1);
        expect(await refusal(['compare', name, 'good.json', '--json'], cwd)).toBe(1);
        expect(await refusal(['validate', '--spec', name], cwd)).toBe(1);
        expect(await refusal(['validate', '--spec', name, '--json'], cwd)).toBe(1);
        expect(await refusal(['replay', '--spec', 'roles.yaml', name], cwd)).toBe(1);
        expect(await refusal(['replay', '--spec', name, 'event.json', '--json'], cwd)).toBe(1);
        expect(await refusal(['replay', '--spec', 'roles.yaml', '--account', name, 'event.json'], cwd)).toBe(
          1,
        );
        expect(await refusal(['replay', '--spec', 'roles.yaml', '--ledger', name, 'event.json'], cwd)).toBe(
          1,
        );
      });
      expect('polluted' in {}).toBe(false);
    },
  );

  it('a zip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 28 + 1), { level: 1 });
    await inFolder({ 'roles.yaml': goodSpec, 'bomb.json.gz': bomb }, async (cwd) => {
      expect(await refusal(['replay', '--spec', 'roles.yaml', 'bomb.json.gz'], cwd)).toBe(1);
      expect(await refusal(['compare', 'bomb.json.gz', 'bomb.json.gz'], cwd)).toBe(1);
      expect(await refusal(['validate', '--spec', 'bomb.json.gz'], cwd)).toBe(1);
    });
  });

  it('what lies in a folder by hostile names, and replays the rest', async () => {
    await inFolder({ ...unusable, 'roles.yaml': goodSpec, 'good/event.json': json(event) }, async (cwd) => {
      expect(await refusal(['replay', '--spec', 'roles.yaml', '.', '--json'], cwd)).toBe(1);
      const { stdout } = await cli(['replay', '--spec', 'roles.yaml', '.', '--json', '--all'], { cwd });
      expect(jsonLines(stdout)).toMatchObject([{ role: { roleName: 'app' }, outcome: 'in-sync' }]);
    });
  });
});

describe('the command line takes for names like any other', () => {
  it.each(TRAPS)('%s', async (trap) => {
    const files = {
      'roles.yaml': json({
        version: 1,
        defaults: { mode: 'enforce' },
        roles: [{ name: trap, trustPolicy: trust }],
      }),
      'events.json': json([
        inEnvelope(
          anIamEvent('PutRolePolicy', {
            roleName: trap,
            policyName: trap,
            policyDocument: json({
              ...trust,
              Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
            }),
          }),
        ),
        inEnvelope(anIamEvent('TagRole', { roleName: trap, tags: [{ key: trap, value: trap }] })),
        inEnvelope(
          anIamEvent('UpdateAssumeRolePolicy', {
            roleName: trap,
            policyDocument: json({
              ...trust,
              Statement: [{ Sid: trap, Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
            }),
          }),
        ),
      ]),
    };
    await inFolder(files, async (cwd) => {
      const { exitCode, stdout, stderr } = await cli(
        ['replay', '--spec', 'roles.yaml', 'events.json', '--json'],
        { cwd },
      );
      expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('error')]);
      expect(jsonLines(stdout).at(-1)).toMatchObject({
        role: { roleName: trap },
        outcome: 'remediated',
        verified: true,
      });
      expect((await cli(['validate', '--spec', 'roles.yaml'], { cwd })).exitCode).toBe(0);
    });
  });
});

const replayedFromStdin = (stdin: string) =>
  inFolder({ 'roles.yaml': goodSpec }, async (cwd) => {
    const { stderr } = await cli(['replay', '--spec', 'roles.yaml', '-', '--json'], { cwd, stdin });
    expect(stderr).not.toMatch(STACK_TRACE);
  });

describe('replay', () => {
  it.each([
    [
      'changes of undeclared roles',
      500,
      (index: number) => anIamEvent('TagRole', { roleName: `role-${index}`, tags: [] }),
    ],
    ['records that are no change', 5000, () => ({ ...event, readOnly: true })],
    ['records that cannot be read', 5000, () => ({ ...event, requestParameters: null })],
  ])('takes about linear time for %s', async (_, size, record) => {
    const lines = (n: number) => Array.from({ length: n }, (__, index) => json(record(index))).join('\n');
    expect(await growth(lines, replayedFromStdin, size)).toBeLessThan(ABOUT_LINEAR);
  });

  it('tells a hundred records that cannot be read, and how many more there are', async () => {
    await inFolder(
      {
        'roles.yaml': goodSpec,
        'wrong.json': `${json({ ...event, requestParameters: null })}\n`.repeat(150),
      },
      async (cwd) => {
        const { exitCode, stderr } = await cli(['replay', '--spec', 'roles.yaml', 'wrong.json'], { cwd });
        expect([exitCode, stderr.match(/wrong\.json/g)?.length]).toEqual([1, 101]);
        expect(stderr).toContain('and 50 more records that cannot be read');
      },
    );
  });
});
