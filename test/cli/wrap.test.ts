import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { displayWidth, paint, red, type Span, styled, textOf } from '../../functions/cli/terminal.ts';
import { wrap } from '../../functions/cli/wrap.ts';

const plain = (lines: readonly (readonly Span[])[]) => lines.map((line) => paint(line, { colour: false }));

const letters = (text: string) => text.replaceAll(' ', '');

describe('wrap', () => {
  it('breaks at spaces and indents what follows as deep as the beginning', () => {
    expect(plain(wrap(['  + '], ['one two three four five six'], 24))).toEqual([
      '  + one two three four',
      '    five six',
    ]);
  });

  it('never parts a word from what is glued to it in another style', () => {
    expect(plain(wrap([], ['aaaa bbbb cccc ', red('ddddd'), ': eee'], 20))).toEqual([
      'aaaa bbbb cccc',
      'ddddd: eee',
    ]);
  });

  it('cuts a word that is longer than a line', () => {
    expect(plain(wrap([], ['x'.repeat(45)], 20))).toEqual(['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)]);
  });

  it('never breaks a command: it goes to a line of its own, however long', () => {
    const command = 'iam-drift exempt app --for 2h';
    const step = (columns: number) =>
      plain(wrap(['→ '], ['to keep it: ', styled('command', command)], columns));
    expect(step(44)).toEqual(['→ to keep it: iam-drift exempt app --for 2h']);
    expect(step(40)).toEqual(['→ to keep it:', `  ${command}`]);
    expect(step(30)).toEqual(['→ to keep it:', ` ${command}`]);
    expect(step(24)).toEqual(['→ to keep it:', command]);
    expect(plain(wrap([], [styled('command', command)], 20))).toEqual([command]);
  });

  it('loses no word and keeps to the width', () => {
    const words = fc.array(fc.string({ maxLength: 30 }), { maxLength: 12 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 100 }), (texts, columns) => {
        const lines = wrap(
          [],
          texts.map((text) => red(text)),
          columns,
        );
        expect(letters(lines.flat().map(textOf).join(''))).toBe(letters(texts.join('')));
        for (const line of plain(lines)) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
