import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { loadSpec } from '../../shared/spec/load-spec.ts';
import { ABOUT_LINEAR, cpuTime, growth } from './cpu-time.ts';
import { TRAPS } from './names.ts';

const head = 'version: 1\nroles:\n';
const lines = (size: number, line: (index: number) => string) =>
  Array.from({ length: size }, (_, index) => line(index)).join('\n');

/** Loads; what comes out is a spec or faults that a person can read, never both and never neither. */
function loaded(text: string) {
  const result = loadSpec(text, 'roles.yaml');
  expect(result.spec === null).toBe(result.faults.length > 0);
  for (const { message, remedy, line, column } of result.faults) {
    expect(message.length + remedy.length).toBeLessThan(2000);
    expect(Math.min(line, column)).toBeGreaterThan(0);
  }
  return result;
}

describe('specs', () => {
  it('load or tell their faults, whatever the text is', () => {
    const pieces = fc.constantFrom(
      'version: 1',
      'roles:',
      '  - name: app',
      '    preset: eks-node',
      '    trustPolicy:',
      '---',
      '...',
      '- ',
      '? ',
      ': ',
      '&a ',
      '*a',
      '<<: *a',
      '!!binary ',
      '!x ',
      '|',
      '>-',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '\t',
      '#',
      '%YAML 9.9',
      '\u0000',
      '\ud800',
      '\ufeff',
      '\u2028',
      '0o17',
      '.nan',
      '~',
      '2026-01-01',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 }).map((all) => all.join('\n')),
      fc.array(pieces, { maxLength: 20 }).map((all) => all.join('')),
      fc.json().map((json) => `version: 1\nroles: ${json}`),
      fc.json(),
    );
    expect(
      fc.check(
        fc.property(text, (given) => void loaded(given)),
        { numRuns: 500 },
      ),
    ).toMatchObject({ counterexample: null });
  });

  it('load or tell their faults, whatever stands in whichever key', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('', '\u0000', '\ud800', '*', '${AWS::AccountId}', 'arn:', '__proto__'),
    );
    const role = fc.record(
      {
        name: anything,
        path: anything,
        mode: anything,
        modes: anything,
        preset: fc.oneof(fc.record({ name: anything, params: anything }), anything),
        trustPolicy: anything,
        managedPolicies: fc.oneof(
          fc.record({ attached: anything, forbidden: anything, unlisted: anything, oneOf: anything }),
          anything,
        ),
        __proto__: anything,
      },
      { requiredKeys: [] },
    );
    const spec = fc.record(
      { version: anything, defaults: anything, roles: fc.oneof(fc.array(role), anything) },
      { requiredKeys: [] },
    );
    expect(
      fc.check(
        fc.property(spec, (given) => void loaded(JSON.stringify(given))),
        { numRuns: 250 },
      ),
    ).toMatchObject({ counterexample: null });
  });

  it.each(TRAPS)('take %s for a role’s name like any other', (trap) => {
    const { spec } = loaded(`${head}  - name: ${trap}\n    preset: eks-node\n`);
    expect(spec?.roles.map(({ name }) => name)).toEqual([trap]);
  });

  it.each(TRAPS)('refuse %s where the names are fixed', (trap) => {
    for (const text of [
      `${head}  - name: app\n    preset: ${trap}\n`,
      `${head}  - name: app\n    preset: { name: eks-node, params: { ${trap}: 1 } }\n`,
      `${head}  - name: app\n    preset: eks-node\n    ${trap}: 1\n`,
      `${head}  - name: app\n    preset: eks-node\n${trap}: 1\n`,
    ]) {
      const { spec, faults } = loaded(text);
      expect([spec, faults.length]).toEqual([null, 1]);
      expect(faults[0]?.message).toContain(trap);
    }
  });

  it.each(['\\ud800', '\\0'])('refuse a text that holds %s', (escape) => {
    expect(loaded(`${head}  - name: "a${escape}"\n    preset: eks-node\n`).spec).toBe(null);
    expect(loaded(`${head}  - name: app\n    "a${escape}": 1\n`).spec).toBe(null);
  });

  it('unfold no bomb of aliases', async () => {
    const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${lines(100, (i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`)}`;
    expect(await cpuTime(() => expect(loaded(bomb).spec).toBe(null))).toBeLessThan(30_000);
    expect(loaded('version: 1\nroles: &a [*a]').spec).toBe(null);
  });
});

const shapes: readonly (readonly [string, number, (size: number) => string])[] = [
  ['roles', 500, (size) => head + lines(size, (i) => `  - name: role-${i}\n    preset: eks-node`)],
  ['patterns', 500, (size) => head + lines(size, (i) => `  - name: "*a${i}*b*"\n    preset: eks-node`)],
  ['a name often', 1000, (size) => head + '  - name: app\n    preset: eks-node\n'.repeat(size)],
  [
    'unknown presets',
    500,
    (size) => head + lines(size, (i) => `  - name: role-${i}\n    preset: ${'nodeks'.repeat(20)}`),
  ],
  ['unknown keys', 1000, (size) => `${head}  - name: app\n${lines(size, (i) => `    key${i}: 1`)}`],
  ['a key often', 2000, (size) => `${head}  - name: app\n${'    preset: eks-node\n'.repeat(size)}`],
  [
    'managed policies',
    1000,
    (size) =>
      `${head}  - name: app\n    managedPolicies:\n${lines(size, (i) => `      - arn:aws:iam::aws:policy/AmazonEC${i}`)}`,
  ],
  ['aliases', 1000, (size) => `a: &a [x]\n${lines(size, (i) => `b${i}: *a`)}`],
  ['documents', 5000, (size) => '---\n'.repeat(size)],
  ['comments', 10000, (size) => '#\n'.repeat(size)],
  ['directives', 10_000, (size) => '%YAML 1.2\n'.repeat(size)],
  ['tags', 2500, (size) => '!!x '.repeat(size)],
  ['open brackets', 20_000, (size) => '['.repeat(size)],
  ['open braces', 10_000, (size) => '{a: '.repeat(size)],
  ['dashes', 20_000, (size) => '- '.repeat(size)],
  ['question marks', 20_000, (size) => '? '.repeat(size)],
  ['colons', 10_000, (size) => 'a: '.repeat(size)],
  ['quotes', 5000, (size) => '"'.repeat(size)],
  ['blanks', 200_000, (size) => ' '.repeat(size)],
  ['a long block', 50_000, (size) => `a: |\n${'  x\n'.repeat(size)}`],
  ['a long line', 200_000, (size) => `${head}  - name: ${'*a'.repeat(size)}\n`],
];

describe('specs of many parts take about linear time', () => {
  it.each(shapes)('%s', async (_, size, make) => {
    expect(await growth(make, loaded, size)).toBeLessThan(ABOUT_LINEAR);
  });

  it('even one of 10 MB, or nested 10,000 deep', async () => {
    const deep = lines(10_000, (i) => `${' '.repeat(i)}a:`);
    const wide = 'x'.repeat(10_000_000);
    for (const text of [deep, wide, `a: "${wide}"`, '\u0000'.repeat(1_000_000)])
      expect(await cpuTime(() => expect(loaded(text).spec).toBe(null))).toBeLessThan(30_000);
  });
});
