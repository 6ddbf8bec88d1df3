import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import type { Aspect } from '../../shared/aspects/define.ts';
import { aspects } from '../../shared/aspects/index.ts';

const file = new URL('../../docs/aspects.md', import.meta.url);
const table = /(?<=<!-- aspects: begin -->\n)[^]*(?=<!-- aspects: end -->)/;

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join('<br>');

function row({ name, docs, triggers, actions }: Aspect): string {
  const events = code(triggers.flatMap(({ eventNames }) => eventNames));
  const reverts = actions.revert.length === 0 ? 'only told' : code(actions.revert);
  return `| \`${name}\` | ${docs.watched} | ${events} | ${reverts} | ${docs.neverReverted} |`;
}

it('docs/aspects.md tells of every aspect; to bring it up to date: vitest run test/aspects -u', async () => {
  const rows = [
    '| aspect | watched | woken by | reverted with | never reverted |',
    '|---|---|---|---|---|',
    ...aspects.map(row),
  ].join('\n');
  const upToDate = readFileSync(file, 'utf8').replace(table, () => `${rows}\n`);
  await expect(upToDate).toMatchFileSnapshot(file.pathname);
});
