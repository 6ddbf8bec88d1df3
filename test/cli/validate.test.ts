import { describe, expect, it } from 'vitest';

import { sourceExcerpt } from '../../functions/cli/source-excerpt.ts';
import { paint } from '../../functions/cli/terminal.ts';
import { cli, inFolder } from './run-cli.ts';

const valid = 'version: 1\nroles:\n  - name: eksNodeRole\n    preset: eks-node\n';
const invalid =
  'version: 1\nroles:\n  - name: eksNodeRole\n    preset: eks-nod\n  - name: "a b"\n    preset: eks-node\n';

/** Without the lines that show the file. */
const faultLines = (text: string) => text.split('\n').filter((line) => !line.includes('│'));

describe('validate', () => {
  it('accepts a valid spec', async () => {
    await inFolder({ 'roles.yaml': valid }, async (cwd) => {
      const human = await cli(['validate', '--spec', 'roles.yaml'], { cwd });
      expect(human).toEqual({ exitCode: 0, stdout: '✓ roles.yaml is valid: 1 role\n', stderr: '' });
      const json = await cli(['validate', 'roles.yaml', '--json'], { cwd });
      expect(JSON.parse(json.stdout)).toEqual({ valid: true, faults: [], roles: 1 });
    });
  });

  it('tells all faults at once, each with its place and source line, on stderr', async () => {
    await inFolder({ 'roles.yaml': invalid }, async (cwd) => {
      const { exitCode, stdout, stderr } = await cli(['validate', '--spec', 'roles.yaml'], { cwd });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^roles\.yaml:4:13 .*eks-nod.*Did you mean "eks-node"/m);
      expect(stderr).toContain(' 4 │     preset: eks-nod\n   │             ^\n');
      expect(stderr).toMatch(/^roles\.yaml:5:/m);
      expect(stderr).toMatch(/✗ roles\.yaml is not valid: 2 faults\n$/);
    });
  });

  it('breaks long lines at words on a terminal, and leaves them whole for programs', async () => {
    const stdin =
      'version: 1\nroles: [{name: a, trustPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "sts:AssumeRole"}]}}]\n';
    const piped = await cli(['validate', '-'], { stdin, columns: 80 });
    const shown = await cli(['validate', '-'], { stdin, columns: 80, isTerminal: true });
    expect(faultLines(piped.stderr)[0]).toMatch(/^stdin:2:\d+ .* takes no bare .* narrows it\.$/);
    expect(faultLines(shown.stderr)[0]).toMatch(/^stdin:2:\d+ /);
    for (const line of faultLines(shown.stderr)) expect(line.length).toBeLessThanOrEqual(80);
    const words = (text: string) => faultLines(text).join(' ').replaceAll(/\s+/g, ' ');
    expect(words(shown.stderr)).toBe(words(piped.stderr));
  });

  it('prints the faults as JSON', async () => {
    const { exitCode, stdout } = await cli(['validate', '--spec', '-', '--json'], { stdin: invalid });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      faults: [{ file: 'stdin', line: 4, column: 13 }, { line: 5 }],
      roles: 0,
    });
  });

  it('says so where there are more faults than it tells', async () => {
    const roles = Array.from({ length: 1001 }, (_, index) => `  - {name: r${index}, preset: eks-nod}`);
    const { stderr } = await cli(['validate', '-'], { stdin: ['version: 1', 'roles:', ...roles].join('\n') });
    expect(stderr).toMatch(/✗ stdin is not valid: the first 1000 faults are above; there may be more\n$/);
  });

  it('says what a spec begins with, where there is none', async () => {
    for (const stdin of ['', '# nothing yet\n', '[]', 'hello'])
      expect((await cli(['validate', '-'], { stdin })).stderr).toContain(
        'Begin it with "version: 1" and "roles:"',
      );
  });

  it('says in words that there is no file', async () => {
    const { exitCode, stderr } = await cli(['validate', '--spec', 'nowhere.yaml']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'error: nowhere.yaml: cannot be read: there is no such file\n',
    });
  });
});

const excerpt = (text: string, line: number, column: number, columns = 100) =>
  sourceExcerpt(text, { line, column }, columns).map((spans) => paint(spans, { colour: false }));

describe('sourceExcerpt', () => {
  it('points below the column, whatever stands before it', () => {
    expect(excerpt('a: 1\n\tb: 日本x\r\n', 2, 7)).toEqual([' 2 │ \\tb: 日本x', '   │          ^']);
  });

  it('shows what surrounds the fault in a very long line', () => {
    const [source, caret] = excerpt(`${'a'.repeat(5_000_000)}!${'b'.repeat(5_000_000)}`, 1, 5_000_001, 60);
    expect(source?.length).toBeLessThanOrEqual(60);
    expect(source?.charAt((caret ?? '').indexOf('^'))).toBe('!');
  });

  it('shows nothing for a line that is not there', () => {
    expect(excerpt('a', 7, 1)).toEqual([]);
  });
});
