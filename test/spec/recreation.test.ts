import { describe, expect, it } from 'vitest';

import { faultsOfRoles, specOf } from './support.ts';

const trust = 'preset: eks-node';

const version = (more: string) => specOf(`{ version: 1, roles: [{ name: a, ${more} ${trust} }] }`).version;

describe('whenDeleted', () => {
  it('is report unless the role or the defaults say recreate, after a quarter of an hour', () => {
    const { roles } = specOf(`
version: 1
defaults: { whenDeleted: recreate, recreateAfterMinutes: 20 }
roles:
  - { name: a, ${trust} }
  - { name: b, ${trust}, recreateAfterMinutes: 5 }
  - { name: c, ${trust}, whenDeleted: report }
  - { name: d-*, ${trust} }
`);
    expect(roles.map(({ recreation }) => recreation)).toEqual([
      { afterMinutes: 20 },
      { afterMinutes: 5 },
      undefined,
      undefined,
    ]);
    const [own] = specOf(`{ version: 1, roles: [{ name: a, whenDeleted: recreate, ${trust} }] }`).roles;
    expect(own?.recreation).toEqual({ afterMinutes: 15 });
    expect(specOf(`{ version: 1, roles: [{ name: a, ${trust} }] }`).roles[0]).not.toHaveProperty(
      'recreation',
    );
  });

  it('changes the version of the spec', () => {
    expect(version('whenDeleted: recreate,')).not.toBe(version(''));
  });

  it.each([
    ['- { name: "a-*", preset: eks-node, whenDeleted: recreate }', 'roles[0].whenDeleted: a pattern'],
    ['- { name: a, whenDeleted: recreate, tags: {} }', 'roles[0].whenDeleted: no trust policy'],
    ['- { name: a, preset: eks-node, whenDeleted: create }', 'roles[0].whenDeleted:'],
    ['- { name: a, preset: eks-node, recreateAfterMinutes: 0 }', 'roles[0].recreateAfterMinutes:'],
  ])('%s is refused', (line, fault) => {
    const [first = ''] = faultsOfRoles(line);
    expect(first).toContain(fault);
  });
});
