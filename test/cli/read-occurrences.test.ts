import { describe, expect, it } from 'vitest';

import type { Io } from '../../functions/cli/io.ts';
import { createOutput } from '../../functions/cli/io.ts';
import { readOccurrences } from '../../functions/cli/replay/read-occurrences.ts';
import { detach } from '../support/app-role.ts';
import { root } from './run-cli.ts';

const reading = (text: string): Io => {
  const nowhere = createOutput(() => {}, { colour: false, columns: 100, isTerminal: false });
  return {
    stdout: nowhere,
    stderr: nowhere,
    stdin: async () => new TextEncoder().encode(text),
    cwd: root,
    env: {},
    packageRoot: root,
    stopped: async () => {},
  };
};

describe('readOccurrences', () => {
  it('reads more changes than a call can have arguments', async () => {
    const count = 130_000;
    const line = `${JSON.stringify(detach('ReadOnlyAccess'))}\n`;
    const { changes, faults } = await readOccurrences(reading(line.repeat(count)), ['-']);
    expect(changes).toHaveLength(count);
    expect(faults).toEqual([]);
  });
});
