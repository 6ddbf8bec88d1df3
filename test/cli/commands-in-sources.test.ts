import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { commands } from '../../functions/cli/commands/index.ts';
import { root } from './run-cli.ts';

/** A command in a text, up to the end of the text or of what is put into it. */
const told = new RegExp(`(?<![\\w/-])iam-drift (?:${Object.keys(commands).join('|')})[^'"\`\n]*`, 'g');

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name));
}

function isComment(line: string): boolean {
  return /^\s*(?:\/?\*|\/\/)/.test(line);
}

// What is composed is tested where it is: operator-command, commands-in-reports.
it('no text that is written out goes on behind a command: it is pasted to the end', () => {
  const torn = ['shared', 'functions', 'infra'].flatMap(sources).flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .filter((line) => !isComment(line))
      .flatMap((line) => line.match(told) ?? [])
      .filter((text) => /[.,;:](?: |$)| (?:and|or|for|to|makes|shows|tells|in)(?: |$)/.test(text))
      .map((text) => `${file}: ${text}`),
  );
  expect(torn).toEqual([]);
});
