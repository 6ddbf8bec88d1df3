import { describe, expect, it } from 'vitest';

import { durationBetween, durationInWords, timeInWords } from '../../shared/notifications/time-in-words.ts';

describe('durationInWords', () => {
  it.each([
    [0, '0 ms'],
    [212, '212 ms'],
    [1874, '1.9 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min'],
    [192_000, '3 min 12 s'],
    [7_500_000, '2 h 5 min'],
    [3_600_000, '1 h'],
    [273_600_000, '3 d 4 h'],
    [-5, '0 ms'],
  ])('%d ms is %s', (milliseconds, words) => {
    expect(durationInWords(milliseconds)).toBe(words);
  });
});

describe('timeInWords', () => {
  it('drops what nobody reads and shows what is no time as a name', () => {
    expect(timeInWords('2026-03-01T12:24:12.874Z')).toBe('2026-03-01 12:24:12 UTC');
    expect(timeInWords('soon, really')).toBe('"soon, really"');
  });
});

describe('durationBetween', () => {
  it('is null where there is none', () => {
    expect(durationBetween('2026-03-01T12:24:11Z', '2026-03-01T12:24:12.874Z')).toBe('1.9 s');
    expect(durationBetween('2026-03-01T12:24:13Z', '2026-03-01T12:24:12Z')).toBeNull();
    expect(durationBetween('x', 'y')).toBeNull();
  });
});
