import { describe, expect, it } from 'vitest';

import { presets } from '../../shared/presets/index.ts';
import { cli } from './run-cli.ts';

describe('presets', () => {
  it('lists all presets, one a line', async () => {
    const { exitCode, stdout, stderr } = await cli(['presets']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const { name, title } of presets)
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`${name} ${title}`);
    expect(JSON.parse((await cli(['presets', '--json'])).stdout)).toHaveLength(presets.length);
  });

  it.each(presets.map(({ name }) => name))('shows %s with an example that validates', async (name) => {
    const { stdout } = await cli(['presets', name]);
    const [, example = ''] = /In a spec\n((?: {2}.*\n)+)/.exec(stdout) ?? [];
    const spec = `version: 1\n${example.replaceAll(/^ {2}/gm, '')}`;
    expect(await cli(['validate', '--spec', '-'], { stdin: spec })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });

  it('describes one as JSON: parameters as a schema, and what it declares', async () => {
    const { stdout } = await cli(['presets', 'eks-node', '--json']);
    const description: unknown = JSON.parse(stdout);
    expect(description).toMatchObject({ name: 'eks-node', params: { type: 'object' } });
    expect(description).toHaveProperty('example.preset');
    expect(description).toHaveProperty('declares.trustPolicy');
    expect(description).toHaveProperty('declares.managedPolicies');
  });

  it('guesses a misspelt name', async () => {
    expect((await cli(['presets', 'eks-noed'])).stderr).toContain('Did you mean "eks-node"?');
  });
});
