import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { aspects } from '../../shared/aspects/index.ts';
import { presets } from '../../shared/presets/index.ts';
import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import { specJsonSchema } from '../../shared/spec/schema.ts';

const shipped = (name: string) => readFileSync(new URL(`../../infra/spec/${name}`, import.meta.url), 'utf8');

describe('the JSON Schema for editors', () => {
  it('is up to date; if not, run: node scripts/spec-schema.ts', () => {
    expect(JSON.parse(shipped('spec.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(specJsonSchema({ aspects, presets }))),
    );
  });

  it('knows every aspect and every preset', () => {
    const text = JSON.stringify(specJsonSchema({ aspects, presets }));
    for (const { name } of [...aspects, ...presets]) expect(text).toContain(`"${name}"`);
  });
});

describe('the spec as shipped', () => {
  const { spec, faults } = loadSpec(shipped('roles.yaml'), 'infra/spec/roles.yaml');

  it('is valid', () => {
    expect(faults.map(formatFault)).toEqual([]);
  });

  it('changes nothing until someone says enforce', () => {
    const modes = spec?.roles.flatMap(({ mode, aspects: declared }) => [
      mode,
      ...Object.values(declared).map((aspect) => aspect.mode),
    ]);
    expect(new Set(modes)).toEqual(new Set(['detect']));
  });

  it('declares the roles that the guides name', () => {
    expect(spec?.roles.map(({ name }) => name)).toEqual([
      'AmazonEKSFargatePodExecutionRole',
      'eksNodeRole',
      '*NodeInstanceRole*',
      'eksRestrictedNodeRole',
      'my-role',
      'AmazonEKSVPCCNIRole',
      'ecsTaskExecutionRole',
    ]);
  });
});
