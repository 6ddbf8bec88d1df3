import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { areApart, covers, patternText, toLiteral, toPattern } from '../../shared/policy/pattern.ts';

const pattern = (text: string) => toPattern(text, '2012-10-17');

/** All texts of up to four letters: an independent answer to what a pattern matches. */
const texts = ['', 'a', 'b', 'c'].flatMap((one) =>
  ['', 'a', 'b', 'c'].flatMap((two) =>
    ['', 'a', 'b'].flatMap((three) => ['', 'a', 'b'].map((four) => one + two + three + four)),
  ),
);
const matches = (glob: string, text: string) =>
  new RegExp(`^${glob.replaceAll('?', '.').replaceAll('*', '.*')}$`).test(text);

describe('covers', () => {
  it('is never wrong when it says that one pattern covers another', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 4 });
    fc.assert(
      fc.property(glob, glob, (outer, inner) => {
        const isClaimed = covers(pattern(outer), pattern(inner));
        const isWrong = texts.some((text) => matches(inner, text) && !matches(outer, text));
        expect(isClaimed && isWrong).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['*', 'anything'],
    ['s3:*', 's3:Get*'],
    ['a*c', 'a*b*c'],
    ['a?', 'ab'],
    ['a?*', 'a*?'],
    ['b/**', 'b/*'],
    ['h/*', 'h/${aws:username}'],
  ])('%s covers %s', (outer, inner) => {
    expect(covers(pattern(outer), pattern(inner))).toBe(true);
  });

  it.each([
    ['a?', 'a*'],
    ['a*', '*a'],
    ['s3:Get*', 's3:*'],
    ['h/${aws:username}', 'h/*'],
    // A variable may stand for any number of characters.
    ['h/??????????????', 'h/${aws:userid}'],
    ['${*}', 'a'],
  ])('%s does not cover %s', (outer, inner) => {
    expect(covers(pattern(outer), pattern(inner))).toBe(false);
  });

  it('gives up on hostile patterns in bounded time', () => {
    expect(covers(`${'*a'.repeat(50_000)}x`, `${'a'.repeat(100_000)}y`)).toBe(false);
  });
});

describe('toPattern', () => {
  it('knows variables under 2012-10-17 only', () => {
    expect(toPattern('${*}', '2008-10-17')).toBe('${*}');
    expect(pattern('${*}')).not.toContain('*');
  });

  it('can be written again, whatever the text holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\u0000', '\u0001', '\u0004', '\u0005', '$', '{', '*', '?', '}') }),
        (text) => {
          expect(patternText(toLiteral(text, '2012-10-17'))).toBe(text);
        },
      ),
    );
  });
});

describe('areApart', () => {
  it('goes by the beginnings', () => {
    expect(areApart('a*', 'b*')).toBe(true);
    expect(areApart('a*', '*b')).toBe(false);
    expect(areApart('a*', 'ab*')).toBe(false);
  });
});
