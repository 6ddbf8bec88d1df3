import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { InvalidEventPatternError } from '../../shared/eventbridge/invalid-event-pattern.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import { compileWildcard } from '../../shared/eventbridge/wildcard.ts';

const corpus = process.env['IAM_DRIFT_CORPUS'];

describe.skipIf(corpus === undefined)('matchesEvent, beside the answers of EventBridge', () => {
  const answers = z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['match', 'noMatch', 'exception']),
      pattern: z.unknown(),
      event: z.unknown(),
      message: z.optional(z.string()),
    }),
  );
  const recorded = corpus === undefined ? [] : answers.parse(read(join(corpus, 'eventbridge-patterns.json')));

  it('knows all 155 of them', () => {
    expect(recorded).toHaveLength(155);
  });

  it.each(recorded.filter(({ outcome }) => outcome !== 'exception'))(
    '$name: $outcome',
    ({ pattern, event, outcome }) => {
      expect(matchesEvent(pattern, event)).toBe(outcome === 'match');
      expect(matchesEvent(JSON.stringify(pattern), event)).toBe(outcome === 'match');
    },
  );

  it.each(recorded.filter(({ outcome }) => outcome === 'exception'))(
    '$name: refused with its message',
    ({ pattern, event, message }) => {
      const matching = () => matchesEvent(pattern, event);
      expect(matching).toThrow(InvalidEventPatternError);
      // Two of the recorded messages were cut off at a quotation mark.
      expect(matching).toThrow(message?.replace(/\\$/, ''));
    },
  );
});

describe('matchesEvent', () => {
  it('asks fields of one list element to be found in the same element', () => {
    const event = {
      employees: [
        { first: 'A', last: 'B' },
        { first: 'C', last: 'D' },
      ],
    };
    expect(matchesEvent({ employees: { first: ['A'], last: ['B'] } }, event)).toBe(true);
    expect(matchesEvent({ employees: { first: ['A'], last: ['D'] } }, event)).toBe(false);
  });

  it('matches a list if any element differs from what anything-but excludes', () => {
    expect(matchesEvent({ a: [{ 'anything-but': 'x' }] }, { a: ['x', 'y'] })).toBe(true);
    expect(matchesEvent({ a: [{ 'anything-but': 'x' }] }, { a: ['x'] })).toBe(false);
  });

  it('looks at leaves only: an object or an empty list does not exist', () => {
    for (const a of [{}, { b: 1 }, []]) {
      expect(matchesEvent({ a: [{ exists: true }] }, { a })).toBe(false);
      expect(matchesEvent({ a: [{ exists: false }] }, { a })).toBe(true);
    }
    expect(matchesEvent({ a: [{ exists: false }] }, { a: null })).toBe(false);
  });

  it('lets a path inside $or replace the same path outside of it', () => {
    const pattern = { a: ['x'], $or: [{ a: ['y'] }, { b: [1] }] };
    expect(matchesEvent(pattern, { a: 'y' })).toBe(true);
    expect(matchesEvent(pattern, { a: 'x' })).toBe(false);
    expect(matchesEvent(pattern, { a: 'x', b: 1 })).toBe(true);
  });

  it('reads $or before anything else than two objects as the name of a field', () => {
    expect(matchesEvent({ $or: ['x'] }, { $or: 'x' })).toBe(true);
    expect(matchesEvent({ $or: [{ prefix: 'x' }, { prefix: 'y' }] }, { $or: 'yes' })).toBe(true);
  });

  it('takes escaped wildcards as themselves', () => {
    expect(matchesEvent({ a: [{ wildcard: 'x\\*y*' }] }, { a: 'x*yz' })).toBe(true);
    expect(matchesEvent({ a: [{ wildcard: 'x\\*y*' }] }, { a: 'xxyz' })).toBe(false);
    expect(() => matchesEvent({ a: [{ wildcard: 'x\\y' }] }, {})).toThrow(
      'Invalid escape character at pos 1',
    );
  });

  // What EventBridge was seen to take and to refuse.
  const stacks = ['SharedStack', 'TaskStack', 'RunStack', 'MonitoringStack'].map(
    (name) => `*:stack/${name}/*`,
  );
  const images = ['bif', 'tif', 'tiff', 'svs'];

  it.each([
    [['/Users/*/dir/dir/dir/dir/dir/doc.txt']],
    [images.map((type) => `*.${type}`)],
    [images.slice(0, 2).map((type) => `*/datasync/*.${type}`)],
    [stacks.slice(0, 3)],
  ])('takes %j for one field', (wildcards) => {
    for (const pattern of inOneField(wildcards)) expect(matchesEvent(pattern, { a: 1 })).toBe(false);
  });

  it.each([[['*:*:*:*:*:event-bus/*']], [images.map((type) => `*/datasync/*.${type}`)], [stacks]])(
    'refuses %j for one field, as too complex',
    (wildcards) => {
      for (const pattern of inOneField(wildcards))
        expect(() => matchesEvent(pattern, { a: 1 })).toThrow('Rule is too complex');
    },
  );

  it('judges the wildcards of each field for themselves', () => {
    const apart = Object.fromEntries(stacks.map((wildcard, index) => [`a${index}`, [{ wildcard }]]));
    expect(matchesEvent(apart, { a: 'x' })).toBe(false);
  });

  it.each([
    ['not JSON', '{'],
    ['no object', '[]'],
    ['no object', 3],
    ['an empty object', {}],
    ['an empty object inside', { a: {} }],
    ['a list in a list', { a: [['x']] }],
    ['two operators in one entry', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['a $or of one', { $or: [{ a: ['x'] }] }],
    ['no operator in an entry', { a: [{}] }],
    ['exists of a text', { a: [{ exists: 'true' }] }],
    ['a mixed anything-but', { a: [{ 'anything-but': ['x', 1] }] }],
    ['an unknown anything-but', { a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }],
    ['an empty anything-but', { a: [{ 'anything-but': [] }] }],
    ['an unknown prefix operator', { a: [{ prefix: { suffix: 'x' } }] }],
    ['an unknown comparison', { a: [{ numeric: ['!=', 1] }] }],
    ['no comparison', { a: [{ numeric: [] }] }],
    ['an upper bound first', { a: [{ numeric: ['<', 5, '>', 1] }] }],
    ['three bounds', { a: [{ numeric: ['>', 1, '<', 5, '<', 4] }] }],
    ['an empty range', { a: [{ numeric: ['>', 5, '<', 1] }] }],
    ['a number out of range', { a: [{ numeric: ['<', 5e10] }] }],
    ['a mask of 33 bits', { a: [{ cidr: '10.0.0.0/33' }] }],
    ['too many combinations of $or', Object.fromEntries(Array.from({ length: 10 }, (_, n) => orOfTwo(n)))],
  ])('refuses %s', (_, pattern) => {
    expect(() => matchesEvent(pattern, {})).toThrow(InvalidEventPatternError);
  });

  it('compares numbers by bounds and equality', () => {
    expect([1, 2, 5, 6].map((a) => matchesNumber(['>', 1, '<=', 5], a))).toEqual([false, true, true, false]);
    expect([1, 2].map((a) => matchesNumber(['=', 2], a))).toEqual([false, true]);
    expect([1, 2, 3].map((a) => matchesNumber(['>=', 2], a))).toEqual([false, true, true]);
  });

  it('keeps its answers where field names are those of Object.prototype', () => {
    expect(matchesEvent('{"__proto__":["x"]}', JSON.parse('{"__proto__":"x"}'))).toBe(true);
    expect(matchesEvent({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(matchesEvent({ toString: { name: [{ exists: false }] } }, {})).toBe(true);
  });

  it('answers about an event of any depth, and about what is no event', () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    expect(matchesEvent({ a: { b: [1] } }, deep)).toBe(false);
    for (const none of [null, undefined, 'text', 3, []]) expect(matchesEvent({ a: [1] }, none)).toBe(false);
  });

  it('matches every event by a pattern made of its own leaves', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const name = fc.string({ minLength: 1 }).filter((text) => text !== '$or');
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 3 })),
    }));
    const patternOf = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, patternOf(member)]))
        : [value];
    fc.assert(
      fc.property(fc.dictionary(name, node, { minKeys: 1 }), (event) => {
        expect(matchesEvent(JSON.stringify(patternOf(event)), JSON.parse(JSON.stringify(event)))).toBe(true);
      }),
    );
  });

  it('agrees with a plain search about wildcards', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), letters, (parts, value) => {
        const wildcard = parts.join('*');
        fc.pre(!wildcard.includes('**'));
        const expected = new RegExp(`^${parts.join('.*')}$`).test(value);
        expect(compileWildcard(wildcard)(value)).toBe(expected);
      }),
    );
  });
});

/** Together in a list, apart in branches, and as what is excluded. */
function inOneField(wildcards: readonly string[]): readonly unknown[] {
  return [
    { a: wildcards.map((wildcard) => ({ wildcard })) },
    { $or: [{ b: [1] }, ...wildcards.map((wildcard) => ({ a: [{ wildcard }] }))] },
    { a: [{ 'anything-but': { wildcard: wildcards } }], b: [1] },
  ];
}

function matchesNumber(numeric: unknown[], a: number): boolean {
  return matchesEvent({ a: [{ numeric }] }, { a });
}

/** A field with an alternative of its own: ten of them make 1,024 combinations. */
function orOfTwo(n: number): [string, unknown] {
  return [`field${n}`, { $or: [{ a: [1] }, { b: [1] }] }];
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
