import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { coversPattern, isPattern, matchesPattern } from '../../shared/spec/role-name-pattern.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });

/** The same meaning by other means: a regular expression. */
function byRegExp(glob: string, text: string): boolean {
  const source = glob.replaceAll('*', '[^]*').replaceAll('?', '[^]');
  return new RegExp(`^${source}$`, 'i').test(text);
}

describe('matchesPattern', () => {
  it('lets * stand for any text and ? for one character', () => {
    expect(matchesPattern('*NodeInstanceRole*', 'eksctl-x-NodeInstanceRole-ABC')).toBe(true);
    expect(matchesPattern('app-?', 'app-1')).toBe(true);
    expect(matchesPattern('app-?', 'app-')).toBe(false);
  });

  it('ignores case, as IAM does', () => {
    expect(matchesPattern('*nodeinstancerole*', 'x-NodeInstanceRole')).toBe(true);
  });

  it('takes every other character by its letter', () => {
    expect(matchesPattern('a.c', 'abc')).toBe(false);
    expect(matchesPattern('a+', 'aa')).toBe(false);
  });

  it('agrees with a regular expression', () => {
    fc.assert(
      fc.property(pattern, name, (glob, text) => {
        expect(matchesPattern(glob, text)).toBe(byRegExp(glob, text));
      }),
    );
  });

  it('is quick on a pattern made to be slow', () => {
    const before = performance.now();
    expect(matchesPattern(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('coversPattern', () => {
  it.each([
    ['*', 'a*'],
    ['*a*', '*ab?'],
    ['a*', 'A*'],
    ['?*', '*?'],
    ['app-*', 'app-?-x'],
  ])('%s covers %s', (earlier, later) => {
    expect(coversPattern(earlier, later)).toBe(true);
  });

  it.each([
    ['a?', 'a*'],
    ['*a', '*b'],
    ['app-*-x', 'app-*'],
  ])('%s does not cover %s', (earlier, later) => {
    expect(coversPattern(earlier, later)).toBe(false);
  });

  it('never says so where a name fits only the later one', () => {
    fc.assert(
      fc.property(pattern, pattern, name, (earlier, later, text) => {
        fc.pre(coversPattern(earlier, later) && matchesPattern(later, text));
        expect(matchesPattern(earlier, text)).toBe(true);
      }),
    );
  });
});

describe('isPattern', () => {
  it('is told by the characters that no role name can hold', () => {
    expect([isPattern('app'), isPattern('app*'), isPattern('app?')]).toEqual([false, true, true]);
  });
});
