import { describe, expect, it } from 'vitest';

import { limitsFrom, usualLimits } from '../../shared/guards/limits.ts';

describe('the limits in the environment', () => {
  it('are read as they were written', () => {
    const limits = { ...usualLimits, manyRoles: 25 };
    expect(limitsFrom(JSON.stringify(limits))).toEqual(limits);
  });

  it.each([
    '',
    '{}',
    JSON.stringify({ ...usualLimits, fightReverts: 0 }),
    JSON.stringify({ ...usualLimits, most: 1 }),
  ])('%j is refused: no guard guesses', (text) => {
    expect(() => limitsFrom(text)).toThrow(Error);
  });
});
