import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Rooms by layer, top first: a file may import its own room and rooms below it. */
const layers: readonly (readonly string[])[] = [
  ['functions', 'infra', 'bench', 'test', 'scripts'],
  [
    'shared/reconciler',
    'shared/notifications',
    'shared/cloudtrail',
    'shared/eventbridge',
    'shared/permissions',
  ],
  ['shared/guards'],
  ['shared/spec'],
  ['shared/presets'],
  ['shared/aspects'],
  ['shared/policy'],
  [
    'shared/model',
    'shared/change-outcome',
    'shared/errors',
    'shared/ports',
    'shared/report-schema',
    'shared/operator-command',
  ],
];

/** Only layer 4 wires these; they may use whatever they drive. */
const drivers = [
  'shared/aws',
  'shared/ledger',
  'shared/embedded-account',
  'shared/config',
  'shared/bundled-spec',
  'shared/observability',
];

interface Import {
  readonly from: string;
  readonly to: string;
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const specifiers =
  /(?:^|\s)(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm;

function importsOf(file: string): readonly string[] {
  return [...readFileSync(join(root, file), 'utf8').matchAll(specifiers)].map(
    ([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '',
  );
}

const files = ['functions', 'infra', 'shared'].flatMap(sources);
const internal: readonly Import[] = files.flatMap((from) =>
  importsOf(from)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from, to: relative(root, resolve(root, from, '..', specifier)) })),
);

function isIn(file: string, room: string): boolean {
  return file.startsWith(`${room}/`) || file === `${room}.ts`;
}

function layerOf(file: string): number {
  return layers.findIndex((rooms) => rooms.some((room) => isIn(file, room)));
}

function roomOf(file: string): string | undefined {
  return layers.flat().find((room) => isIn(file, room));
}

function isDriver(file: string): boolean {
  return drivers.some((room) => isIn(file, room));
}

describe('the house', () => {
  it('has a place for every source file', () => {
    expect(files.filter((file) => layerOf(file) < 0 && !isDriver(file))).toEqual([]);
  });

  it('imports point down only', () => {
    const upward = internal.filter(({ from, to }) => {
      if (isDriver(from) || isDriver(to) || roomOf(from) === roomOf(to)) return false;
      const [upper, lower] = [layerOf(from), layerOf(to)];
      // The bottom layer is one: its nouns and ports speak of each other.
      return upper === layers.length - 1 && lower === upper ? false : lower <= upper && upper !== 0;
    });
    expect(upward).toEqual([]);
  });

  it('only the composition roots import what does I/O', () => {
    const smuggled = internal.filter(
      ({ from, to }) =>
        isDriver(to) && layerOf(from) !== 0 && !drivers.some((room) => isIn(from, room) && isIn(to, room)),
    );
    expect(smuggled).toEqual([]);
  });

  it('the deciding rooms neither read the clock, nor the environment, nor the network', () => {
    const pure = files.filter((file) => layerOf(file) > 0);
    const impure = pure.filter((file) =>
      /process\.env|Date\.now\(|new Date\(\)|Math\.random|from 'node:(?:fs|http|https|child_process|timers)/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(impure).toEqual([]);
  });

  it('what runs in Lambda validates with zod/mini: full zod costs 437 KB', () => {
    const full = files.filter((file) => file.startsWith('shared/') && importsOf(file).includes('zod'));
    expect(full).toEqual([]);
  });

  it('keeps no drawer: rooms are named for what they do', () => {
    expect(
      files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|managers?|misc)(?:[/.-])/.test(file)),
    ).toEqual([]);
  });
});
