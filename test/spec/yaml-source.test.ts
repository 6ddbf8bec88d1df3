import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import { readYaml } from '../../shared/spec/yaml-source.ts';

const messagesOf = (text: string) => readYaml(text).faults.map(({ message }) => message);
const dataOf = (text: string) => {
  const { data, faults } = readYaml(text);
  expect(faults).toEqual([]);
  return data;
};

describe('YAML', () => {
  it('is read by the core schema of YAML 1.2', () => {
    expect(
      dataOf(
        '{a: 1, b: -2.5, c: true, d: null, e: ~, f: , g: "1", h: 2012-10-17, i: 1e3, 12: x, "yes": "no"}',
      ),
    ).toEqual({
      a: 1,
      b: -2.5,
      c: true,
      d: null,
      e: null,
      f: null,
      g: '1',
      h: '2012-10-17',
      i: 1000,
      '12': 'x',
      yes: 'no',
    });
  });

  it('keeps block texts, folded texts and escapes', () => {
    expect(dataOf('a: |\n  x\n  y\nb: >-\n  x\n  y\nc: "\\u00e4\\n"')).toEqual({
      a: 'x\ny\n',
      b: 'x y',
      c: 'ä\n',
    });
  });

  it('gives back whatever JSON it is made of', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', ':', '#', '"', '-', '\n', 'ä', '0', '!') });
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      map: fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        expect(readYaml(JSON.stringify(value)).data).toEqual(value);
        expect(readYaml(stringify(value, { defaultStringType: 'QUOTE_DOUBLE' })).data).toEqual(value);
      }),
    );
  });
});

describe('the traps of YAML', () => {
  it.each([
    ['a: yes', 'boolean to some'],
    ['a: Off', 'boolean to some'],
    ['a: 0123', 'octal'],
    ['a: 012345678901', 'an account id must be a text'],
    ['a: 0o17', 'not a decimal'],
    ['a: 0x1F', 'not a decimal'],
    ['a: 123456789012', 'an account id must be a text'],
    ['a: 1_000', 'a number to some'],
    ['a: 12:30:45', 'base 60'],
    ['a: .inf', 'JSON cannot hold'],
    ['a: 12345678901234567890', 'would lose digits'],
    ['a: 1e999', 'would lose digits'],
    ['a: 1\na: 2', 'is there already'],
    ['{a: 1, "a": 2}', 'is there already'],
    ['a:\n\t- x', 'a tab'],
    ['a: 1\n---\nb: 2', 'a second YAML document'],
    ['<<: {a: 1}', 'merge keys'],
    ['a: !Sub x', 'the YAML tag "!Sub"'],
    ['a: !!binary x', 'the YAML tag'],
    ['? [a]\n: b', 'a key must be a text'],
    [': b', 'a key is missing'],
    ['__proto__: 1', '"__proto__" is not allowed'],
    ['a: *b', 'nothing before it has the anchor "&b"'],
    ['a: *', '"*" is an alias to YAML'],
    ['name: *NodeInstanceRole*', '"*NodeInstanceRole*" is an alias to YAML'],
    ['a: &a [*a]', 'stands inside what it stands for'],
    ['a: "\\ud800"', 'half a character'],
    ['a: "\\0"', 'NUL'],
    ['a: \0', 'U+0000 is not allowed'],
    ['a: \ud800', 'U+D800 is not allowed'],
    ['a: [', 'this is not YAML'],
    ['a: "', 'this is not YAML'],
  ])('%j: %s', (text, message) => {
    expect(messagesOf(text).join('\n')).toContain(message);
  });

  it('are found in every place at once', () => {
    const faults = loadSpec('version: 1\nroles:\n  - name: no\n    mode: yes\n    path: 010\n', 'f').faults;
    expect(faults.map(({ line, column, place }) => `${line}:${column} ${place}`)).toEqual([
      '3:11 roles[0].name',
      '4:11 roles[0].mode',
      '5:11 roles[0].path',
    ]);
  });

  it('do not catch what is quoted', () => {
    expect(dataOf('{a: "yes", b: "012345678901", c: \'123456789012\'}')).toEqual({
      a: 'yes',
      b: '012345678901',
      c: '123456789012',
    });
  });
});

describe('positions', () => {
  it('are those of the value, or of the key where that is at fault', () => {
    const source = readYaml('a:\n  - b: 1\n    "c d": x\n');
    const at = (path: (string | number)[], atKey: boolean) =>
      source.positionOf(source.locate(path, atKey).offset);
    expect(at(['a', 0, 'c d'], false)).toEqual({ line: 3, column: 12 });
    expect(at(['a', 0, 'c d'], true)).toEqual({ line: 3, column: 5 });
  });

  it('fall back to what is around a missing place', () => {
    const source = readYaml('a:\n  - b: 1\n');
    expect(source.locate(['a', 0, 'missing', 'deeper'], false).offset).toBe(7);
  });

  it('see a list as the short form of a mapping', () => {
    expect(readYaml('a: [x, y]').locate(['a', 'attached', 1], false)).toEqual({ offset: 7, path: ['a', 1] });
  });
});

describe('a hostile spec', () => {
  const head = 'version: 1\nroles:\n';
  it.each([
    ['deep brackets', '['.repeat(25_000)],
    ['deep indentation', '- '.repeat(25_000)],
    ['a line of 10 MB', `a: ${'x'.repeat(10_000_000)}`],
    ['25,000 keys', Array.from({ length: 25_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['25,000 wrong roles', `${head}${'  - {}\n'.repeat(25_000)}`],
    ['25,000 equal keys', `${head}  - name: a\n${'    k: 1\n'.repeat(25_000)}`],
    ['25,000 texts for booleans', `${head}${'  - yes\n'.repeat(25_000)}`],
    [
      'a thousand wrong policies',
      `${head}  - {name: a, managedPolicies: [${'arn:aws:iam::aws:policy/AmazonFooBarBazPolicy,'.repeat(1000)}]}`,
    ],
    ['wide statements', `${head}  - {name: a, trustPolicy: {Statement: [${'{Effect: x},'.repeat(25_000)}]}}`],
    [
      'patterns',
      `${head}${Array.from({ length: 2000 }, (_, index) => `  - {name: "${'*a'.repeat(14)}${index}*"}`).join('\n')}`,
    ],
    [
      'a bomb of aliases',
      `a: &a [${'x,'.repeat(10)}]\n${Array.from('bcdefghij', (name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(10)}]`).join('\n')}`,
    ],
    ['an alias inside itself', '&a [*a, {b: *a}]'],
    ['documents', '---\n'.repeat(25_000)],
    ['quotes', '"'.repeat(25_000)],
  ])('gives faults in bounded time: %s', (_name, text) => {
    const before = performance.now();
    const { spec, faults } = loadSpec(text, 'f');
    expect(spec).toBeNull();
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(1000);
    expect(performance.now() - before).toBeLessThan(60_000);
  });

  it.each([
    `${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
    `${'{a: '.repeat(70)}1${'}'.repeat(70)}`,
    Array.from({ length: 70 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'),
  ])('is not followed into the depth', (text) => {
    expect(messagesOf(text)).toEqual(['more than 64 levels of lists and mappings inside one another']);
  });

  it('takes the names of JavaScript for names', () => {
    const { spec } = loadSpec(
      `${head}  - {name: constructor, mode: enforce}\n  - {name: __proto__, preset: eks-node}\n`,
      'f',
    );
    expect(spec?.roles.map(({ name }) => name)).toEqual(['constructor', '__proto__']);
    const faults = loadSpec(
      `${head}  - {name: a, preset: constructor, toString: 1, modes: {valueOf: detect}}\n`,
      'f',
    ).faults;
    expect(faults.map(({ place }) => place)).toEqual([
      'roles[0].preset',
      'roles[0].toString',
      'roles[0].modes.valueOf',
    ]);
  });

  it('never gives anything but a spec or faults, whatever is written into a right one', () => {
    const right = `${head}  - name: a*
    preset: {name: eks-node, params: {cniPolicy: allow}}
    modes: {trustPolicy: enforce}
    managedPolicies: {attached: [{oneOf: [arn:aws:iam::aws:policy/ReadOnlyAccess]}], forbidden: []}
    trustPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]}
`;
    const splinter = fc.constantFrom(
      'null',
      '[]',
      '{}',
      '1',
      '""',
      ': ',
      '- ',
      '\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      '&a ',
      '*a',
      'yes',
      '~',
      '\t',
      '!x ',
      '|',
      '#',
      'name',
      '\0',
      '\ud800',
    );
    const cut = fc.record({
      at: fc.nat({ max: right.length }),
      drop: fc.nat({ max: 12 }),
      put: splinter,
    });
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        const text = cuts.reduce(
          (before, { at, drop, put }) => before.slice(0, at) + put + before.slice(at + drop),
          right,
        );
        const { spec, faults } = loadSpec(text, 'f');
        expect(spec === null).toBe(faults.length > 0);
        expect(faults.every((fault) => fault.line >= 1 && fault.column >= 1)).toBe(true);
        expect(faults.map(formatFault).join('')).not.toContain('undefined');
      }),
      { numRuns: 300 },
    );
  });
});
