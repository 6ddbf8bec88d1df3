import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect, it } from 'vitest';

import { guards } from '../../shared/guards/index.ts';

const manual = readFileSync(resolve(import.meta.dirname, '../../docs/architecture.md'), 'utf8');

it('docs/architecture.md lists the guards, in their order', () => {
  const [, table = ''] = manual.split('| guard | holds |');
  const [rows = ''] = table.split('\n\n');
  const names = [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(names).toEqual(guards.map(({ name }) => name));
});
