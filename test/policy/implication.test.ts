import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  alternatives,
  type Circumstances,
  implies,
  joined,
  widest,
} from '../../shared/policy/implication.ts';

const operators = ['stringequals', 'stringnotequals', 'stringlike', 'stringnotlike'].flatMap((name) => [
  name,
  `${name}ifexists`,
]);
const values = fc.uniqueArray(fc.constantFrom('a', 'b', 'ab', 'a*', '*'), { minLength: 1, maxLength: 3 });
const circumstances: fc.Arbitrary<Circumstances> = fc.array(
  fc.record({ operator: fc.constantFrom(...operators), key: fc.constantFrom('k', 'l'), values }),
  { maxLength: 2 },
);

/** Whether circumstances hold for a request, after the user guide: a missing key fails a positive operator. */
function holds(all: Circumstances, request: Record<string, string | undefined>): boolean {
  return all.every(({ operator, key, values: listed }) => {
    const value = request[key];
    const isNegated = operator.includes('not');
    if (value === undefined) return isNegated || operator.endsWith('ifexists');
    const isAmong = listed.some((item) => (operator.includes('like') ? like(item, value) : item === value));
    return isAmong !== isNegated;
  });
}

const like = (pattern: string, value: string) =>
  pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
const given = [undefined, 'a', 'b', 'ab', 'a*', '*', 'z'];
const requests = given.flatMap((k) => given.map((l) => ({ k, l })));
const runs = { numRuns: 2000 };

describe('implies', () => {
  it('is never wrong when it says yes', () => {
    fc.assert(
      fc.property(circumstances, circumstances, (one, other) => {
        const isWrong = requests.some((request) => holds(one, request) && !holds(other, request));
        expect(implies(one, other) && isWrong).toBe(false);
      }),
      runs,
    );
  });

  it.each<[string, Circumstances[number], Circumstances[number]]>([
    ['fewer values', of('stringequals', 'a'), of('stringequals', 'a', 'b')],
    ['more excluded values', of('stringnotequals', 'a', 'b'), of('stringnotequals', 'a')],
    ['a value and its pattern', of('stringequals', 'ab'), of('stringlike', 'a*')],
    ['a wider exclusion', of('stringnotlike', 'a*'), of('stringnotlike', 'ab')],
    ['a missing key allowed', of('bool', 'true'), of('boolifexists', 'true')],
  ])('knows %s', (_, narrow, wide) => {
    expect([implies([narrow], [wide]), implies([wide], [narrow])]).toEqual([true, false]);
  });
});

function of(operator: string, ...listed: string[]) {
  return { operator, key: 'k', values: listed };
}

const anyHolds = (all: readonly Circumstances[], request: Record<string, string | undefined>) =>
  all.some((one) => holds(one, request));

describe('alternatives', () => {
  it('mean the same as what they were made of, joined again or not', () => {
    fc.assert(
      fc.property(circumstances, circumstances, (one, other) => {
        const apart = [...alternatives(one), ...alternatives(other)];
        for (const request of requests) {
          const expected = holds(one, request) || holds(other, request);
          expect([
            anyHolds(apart, request),
            anyHolds(joined(apart), request),
            anyHolds(widest(apart), request),
          ]).toEqual([expected, expected, expected]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
