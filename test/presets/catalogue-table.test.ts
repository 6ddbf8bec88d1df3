import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { presets } from '../../shared/presets/index.ts';
import { catalogueTable, notes } from './catalogue-table.ts';

const file = new URL('../../docs/presets.md', import.meta.url);

const between = (name: string) => new RegExp(`(?<=<!-- ${name}: begin -->\n)[^]*(?=<!-- ${name}: end -->)`);

it('docs/presets.md lists the catalogue; to bring it up to date: vitest run test/presets -u', async () => {
  const text = readFileSync(file, 'utf8');
  const upToDate = text
    .replace(between('catalogue'), () => `${catalogueTable(presets)}\n`)
    .replace(between('notes'), () => `${notes(presets)}\n`);
  await expect(upToDate).toMatchFileSnapshot(file.pathname);
});
