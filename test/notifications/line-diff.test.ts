import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Json } from '../../shared/model.ts';
import { lineDiff } from '../../shared/notifications/line-diff.ts';

const shown = (expected: Json, actual: Json) =>
  lineDiff(expected, actual).map(({ sign, text }) => `${sign}${text}`);

const large = (text: string) => Array.from({ length: 2000 }, (_, index) => ({ [text]: index }));

describe('lineDiff', () => {
  it('shows a single value as before and after', () => {
    expect(shown(3600, 43_200)).toEqual(['-3600', '+43200']);
    expect(shown(null, 'arn:x')).toEqual(['+"arn:x"']);
    expect(shown('arn:x', null)).toEqual(['-"arn:x"']);
  });

  it('shows only the statement that was added', () => {
    const first = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::logs/*' };
    const second = { Effect: 'Allow', Action: '*', Resource: '*' };
    expect(
      shown({ Statement: [first] }, { Statement: [first, second] }).filter((line) => line.startsWith('+')),
    ).toEqual(['+    { "Action": "*", "Effect": "Allow", "Resource": "*" }']);
  });

  it('sees no difference in the order of members and of lists of texts', () => {
    expect(shown({ a: 1, b: ['x', 'y'] }, { b: ['y', 'x'], a: 1 })).toEqual([]);
  });

  it('keeps members with names of the prototype', () => {
    const document: Json = { ['__proto__']: { x: 1 } };
    expect(shown({}, document)).toEqual(['-{}', '+{ "__proto__": { "x": 1 } }']);
  });

  it('tells two large documents one after the other instead of comparing for ever', () => {
    expect(lineDiff(large('a'), large('b'))).toHaveLength(4000);
  });

  it('is empty for equal values and tells both sides of a changed one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.string(), (before, after, kept) => {
        expect(shown({ x: [before, kept] }, { x: [before, kept] })).toEqual([]);
        fc.pre(before !== after);
        expect(
          shown({ x: [before, kept] }, { x: [after, kept] })
            .map((line) => line.charAt(0))
            .sort(),
        ).toEqual(['+', '-']);
      }),
    );
  });
});
