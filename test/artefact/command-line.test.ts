import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { commands } from '../../functions/cli/commands/index.ts';

const folder = join(import.meta.dirname, '../../dist/cli');
const entry = join(folder, 'iam-drift.mjs');

beforeAll(() => {
  if (!existsSync(entry)) throw new Error('there is no command line yet: run "npm run build"');
});

const node = (...args: readonly string[]) => execFileSync(process.execPath, args, { encoding: 'utf8' });

/** The file, and all that node reads before the first line of it runs. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, from, bare] of text.matchAll(
    /^(?:\} from|import \{.*\} from) "(\.[^"]+)"|^import "(\.[^"]+)"/gm,
  ))
    loadedWith(resolve(file, '..', from ?? bare ?? ''), seen);
  return seen;
}

/** The file, and all that it or they name, to be loaded now or some day. */
function namedFrom(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (existsSync(file))
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()"(\.[^"]+)"/g))
      namedFrom(resolve(file, '..', name), seen);
  return seen;
}

/** The packages in what is loaded: esbuild names each file above its text. */
function packagesIn(files: ReadonlySet<string>): readonly string[] {
  const packages = new Set<string>();
  for (const file of files)
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
      /^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)/gm,
    ))
      packages.add(name);
  return [...packages].sort();
}

function chunkOf(command: string): string {
  const name = readdirSync(join(folder, 'chunks')).find((file) => file.startsWith(`${command}-`));
  if (name === undefined) throw new Error(`no chunk for ${command}`);
  return join(folder, 'chunks', name);
}

describe('the built command line', () => {
  it('has every piece that it may ever load', () => {
    const pieces = [...namedFrom(entry)].filter((file) => file !== entry);
    expect(pieces.length).toBeGreaterThan(Object.keys(commands).length);
    const load = `for (const piece of ${JSON.stringify(pieces)}) await import(piece); console.log('loaded')`;
    expect(node('--input-type=module', '-e', load)).toBe('loaded\n');
  });

  it.each(Object.keys(commands))('knows %s', (command) => {
    expect(node(entry, command, '--help')).toContain(`iam-drift ${command}`);
  });

  it('starts with its own code only', () => {
    expect(packagesIn(loadedWith(entry))).toEqual([]);
  });

  it('loads for a command what the command needs', () => {
    expect(packagesIn(loadedWith(chunkOf('compare')))).toEqual([]);
    expect(packagesIn(loadedWith(chunkOf('presets')))).toEqual(['yaml', 'zod']);
    expect(packagesIn(loadedWith(chunkOf('pause')))).toEqual(['zod']);
  });
});
