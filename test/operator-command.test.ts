import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { operatorCommand, splitCommand } from '../shared/operator-command.ts';
import { trustsEc2 } from './support/app-role.ts';
import { openAccount } from './support/open-account.ts';
import { ACCOUNT_ID } from './support/scene.ts';
import { shellWords } from './support/shell-words.ts';
import { cli, inFolder } from './cli/run-cli.ts';

/** IAM allows all of these. */
const names = [
  'app',
  '-NodeRole',
  '--by=mallory',
  '--help',
  '-',
  '--',
  '=ls',
  'a=b',
  'web,',
  'web.',
  '+@,.-_=',
  '1',
];

const options: Readonly<Record<string, readonly string[]>> = {
  approve: [],
  exempt: ['--for 2h', '--reason "…"'],
  history: [],
  recreate: [`--incident ${ACCOUNT_ID}/-NodeRole/0Q2W7E3R6Y`],
};

describe('a command that is told', () => {
  it.each(Object.keys(options).flatMap((command) => names.map((name) => [command, name] as const)))(
    '%s %s can be pasted as it is',
    async (command, roleName) => {
      const words = shellWords(operatorCommand(command, { roleName, options: options[command] ?? [] }));
      expect(words.slice(0, 2)).toEqual(['iam-drift', command]);
      expect(words).toContain(roleName);
      // The command line takes it: what it lacks is the ledger.
      await inFolder({}, async (cwd) => {
        const { stderr } = await cli([command, '--ledger', 'nowhere.json', ...words.slice(2)], { cwd });
        expect(stderr).toMatch(/^error: nowhere\.json: cannot be read/);
      });
    },
  );

  it.each(names)('revoke-sessions %s, too', async (roleName) => {
    const { account } = await openAccount({ accountId: ACCOUNT_ID });
    account.createRole({ roleName, trustPolicy: trustsEc2 });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    onTestFinished(() => void vi.unstubAllEnvs());
    const words = shellWords(operatorCommand('revoke-sessions', { roleName, options: ['--before now'] }));
    const env = { AWS_ENDPOINT_URL_IAM: account.endpoint };
    const { exitCode, stdout } = await cli(words.slice(1), { env });
    expect([exitCode, stdout.split('\n')[0]]).toEqual([0, `arn:aws:iam::${ACCOUNT_ID}:role/${roleName}`]);
  });

  it('reads as people write it where nothing is odd', () => {
    const exempt = { roleName: 'app', options: ['--for 2h', '--reason "…"'] };
    expect(operatorCommand('exempt', exempt)).toBe('iam-drift exempt app --for 2h --reason "…"');
    expect(operatorCommand('exempt', { ...exempt, roleName: '-app' })).toBe(
      'iam-drift exempt --for 2h --reason "…" -- -app',
    );
    expect(operatorCommand('approve', { roleName: '=app' })).toBe("iam-drift approve '=app'");
    expect(operatorCommand('unpause')).toBe('iam-drift unpause');
  });
});

describe('splitCommand', () => {
  it.each([
    ['To go on: iam-drift unpause', 'To go on: ', 'iam-drift unpause'],
    ['iam-drift unpause', '', 'iam-drift unpause'],
    ['a: b: iam-drift exempt -- -x', 'a: b: ', 'iam-drift exempt -- -x'],
    ['Nothing: if you can read this', 'Nothing: if you can read this', null],
    ['iam-drift-remediator is at work', 'iam-drift-remediator is at work', null],
  ])('%s', (sentence, words, command) => {
    expect(splitCommand(sentence)).toEqual({ words, command });
  });
});
