import { describe, expect, it } from 'vitest';

import { commands } from '../../functions/cli/commands/index.ts';
import { wantsColour } from '../../functions/cli/process-io.ts';
import { cli, inFolder } from './run-cli.ts';

describe('the command line', () => {
  it('shows its help on stdout when asked, on stderr when no command was given', async () => {
    const asked = await cli(['--help']);
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
    for (const name of Object.keys(commands)) expect(asked.stdout).toContain(`  ${name} `);
    expect(await cli([])).toMatchObject({ exitCode: 1, stdout: '', stderr: asked.stdout });
  });

  it.each(Object.keys(commands))('has help with an example for %s', async (name) => {
    const { exitCode, stdout, stderr } = await cli([name, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Usage: iam-drift ${name}`));
    expect(stdout).toMatch(/Examples?:\n.*iam-drift/);
    expect((await cli(['help', name])).stdout).toBe(stdout);
  });

  it.each(['', ...Object.keys(commands)])(
    'keeps to the width in the help of %j, but for examples',
    async (name) => {
      const { stdout } = await cli([name, '--help'].filter(Boolean), { columns: 72 });
      const [help = ''] = stdout.split(/^Examples?:$/m);
      for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
    },
  );

  it('lists each command under its own name', async () => {
    for (const [name, { load }] of Object.entries(commands)) expect((await load()).name).toBe(name);
  });

  it('says how to name a spec that is not where it is looked for', async () => {
    await inFolder({}, async (cwd) => {
      for (const command of ['validate', 'recreate'])
        expect(
          (
            await cli([command, ...(command === 'recreate' ? ['app', '--account-id', '111122223333'] : [])], {
              cwd,
            })
          ).stderr,
        ).toBe(
          'error: infra/spec/roles.yaml: cannot be read: there is no such file. Name the spec with --spec FILE\n',
        );
    });
  });

  it('tells its version', async () => {
    expect((await cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('guesses a misspelt command', async () => {
    expect(await cli(['repaly'])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: 'error: unknown command "repaly". Did you mean "replay"?\n',
    });
    expect((await cli(['__proto__'])).stderr).toContain('Commands: replay, compare');
  });

  it('guesses a misspelt option, and refuses one that means nothing', async () => {
    expect((await cli(['replay', '--jsno'])).stderr).toContain('Did you mean "--json"?');
    expect((await cli(['replay', '--constructor'])).stderr).toContain('unknown option "--constructor"');
    expect((await cli(['replay', '-x'])).stderr).toContain('unknown option "-x"');
    expect((await cli(['replay', '--spec'])).stderr).toContain('--spec needs a value: --spec FILE');
    expect((await cli(['replay', '--spec', '--json'])).stderr).toContain('--spec needs a value');
    expect((await cli(['replay', '--json=yes'])).stderr).toContain('--json takes no value');
    expect((await cli(['compare', 'a'])).stderr).toContain(
      'error: compare: B is missing. Usage: iam-drift compare A B',
    );
    expect((await cli(['validate', '--spec', 'a', '--spec', 'b'])).stderr).toContain(
      'validate: --spec is given twice, as "a" and as "b"',
    );
    expect((await cli(['presets', '--json', '--json'])).exitCode).toBe(0);
    expect((await cli(['compare', 'a', 'b', 'c'])).stderr).toContain('"c" is one too many');
  });

  it('shows a stack trace with --debug only', async () => {
    expect((await cli(['validate', '--spec', 'missing.yaml'])).stderr).not.toContain('    at ');
    expect((await cli(['validate', '--spec', 'missing.yaml', '--debug'])).stderr).toContain('    at ');
  });

  it('shows what the user typed without obeying it', async () => {
    const { stderr } = await cli(['\u001B[2J\u202Enimda']);
    expect(stderr).toContain(String.raw`unknown command "\u{1b}[2J\u{202e}nimda"`);
  });
});

describe('wantsColour', () => {
  it('colours a terminal, unless NO_COLOR; FORCE_COLOR has the last word', () => {
    expect(wantsColour({}, true)).toBe(true);
    expect(wantsColour({}, false)).toBe(false);
    expect(wantsColour({ NO_COLOR: '1' }, true)).toBe(false);
    expect(wantsColour({ NO_COLOR: '' }, true)).toBe(true);
    expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false);
    expect(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, false)).toBe(true);
    expect(wantsColour({ FORCE_COLOR: '0' }, true)).toBe(false);
  });
});
