import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { cli, root } from './run-cli.ts';

describe('README.md', () => {
  it('shows what a replay prints, to the letter', async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const sample = /^```\n(\d\d:\d\d:\d\d {2}[^]*?)^```$/m.exec(readme)?.[1] ?? 'no sample';
    const { stdout } = await cli(['replay']);
    expect(anyTime(stdout)).toContain(anyTime(sample));
  });
});

function anyTime(text: string): string {
  return text.replaceAll(/\d+ ms after/g, 'some ms after');
}
