import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { displayWidth, inert, inertJson, paint, red, shorten } from '../../functions/cli/terminal.ts';

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

/** Code points that a terminal obeys, reorders by or does not show. */
const dangerous = [
  range(0x00, 0x1f),
  range(0x7f, 0x9f),
  [0x061c, 0x200e, 0x200f, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)],
  [0x00ad, 0x034f, 0x115f, 0x1160, 0x180e, 0x200b, 0x200c, 0x200d, 0x2028, 0x2029, 0x2060, 0xfeff],
  [0x00a0, 0x3000, 0x3164, 0xfe0f, 0xffa0, 0xfff9, 0xd800, 0xdfff, 0xe000, 0xe0001, 0xe0041, 0xe0100],
]
  .flat()
  .map((code) => String.fromCodePoint(code));

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...dangerous), fc.string({ unit: 'binary' }), fc.string()), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

const isInert = (text: string) => {
  const characters = new Set(text);
  return dangerous.every((character) => !characters.has(character));
};

describe('inert', () => {
  it('leaves ordinary text as it is', () => {
    const text = 'arn:aws:iam::111122223333:role/näme-日本 "quoted" \\ …';
    expect(inert(text)).toBe(text);
  });

  it('shows escape sequences instead of obeying them', () => {
    expect(inert('a\u001B[2Jb\u009B1mc\n\r\td')).toBe('a\\u{1b}[2Jb\\u{9b}1mc\\n\\r\\td');
  });

  it('shows bidirectional controls and invisible characters', () => {
    expect(inert('nimda\u202E\u200B\u{E0041}')).toBe('nimda\\u{202e}\\u{200b}\\u{e0041}');
  });

  it('does not let marks pile up over the lines above', () => {
    expect(inert(`e\u0301 a${'\u0300'.repeat(40)}`)).toBe(`e\u0301 a${'\\u{300}'.repeat(40)}`);
  });

  it('lets nothing dangerous through, whatever the text, and is stable', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(isInert(inert(text))).toBe(true);
        expect(inert(inert(text))).toBe(inert(text));
      }),
    );
  });
});

describe('inertJson', () => {
  it('is the same value, and inert', () => {
    fc.assert(
      fc.property(fc.jsonValue(), hostile, (value, text) => {
        const written = inertJson({ value, [text]: text });
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ value, [text]: text })));
        expect(isInert(written)).toBe(true);
      }),
    );
  });

  it('keeps the line breaks of indented JSON', () => {
    expect(inertJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });
});

describe('paint', () => {
  it('colours only where colour is wanted', () => {
    expect(paint(['a ', red('b')], { colour: true })).toBe('a \u001B[31mb\u001B[39m');
    expect(paint(['a ', red('b')], { colour: false })).toBe('a b');
  });

  it('writes no control character of the text, only its own colours', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = paint([red(text)], { colour: true });
        const inside = line.slice('\u001B[31m'.length, -'\u001B[39m'.length);
        expect(text === '' ? line : inside).toBe(inert(text));
      }),
    );
  });
});

describe('shorten', () => {
  it('cuts to the width and says that something is missing', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('abcd', 4)).toBe('abcd');
    expect(shorten('日本語', 4)).toBe('日…');
  });

  it('is never wider than asked', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, columns) => {
        expect(displayWidth(shorten(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
