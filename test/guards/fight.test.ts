import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fightOver, fightOverRole } from '../../shared/guards/fight.ts';
import { usualLimits } from '../../shared/guards/limits.ts';

const MINUTE = 60_000;
const now = new Date('2026-03-02T12:00:00Z');

/** Reverts of one path, so many minutes ago. */
const reverts = (...minutesAgo: readonly number[]) => ({
  reverts: minutesAgo.map((minutes, index) => ({
    id: String(index),
    at: new Date(now.getTime() - minutes * MINUTE).toISOString(),
    path: 'trustPolicy',
    effect: 'closes' as const,
  })),
});

const rounds = (minutesAgo: readonly number[]) =>
  fightOver('trustPolicy', reverts(...minutesAgo), usualLimits, now)?.rounds ?? -1;

const roundsWith = (fightReverts: number, fightMinutes: number, ...minutes: readonly number[]) =>
  fightOver('trustPolicy', reverts(...minutes), { fightReverts, fightMinutes }, now)?.rounds ?? null;

describe('a fight over a path', () => {
  it.each([
    ['two reverts are none', [5, 1], null],
    ['three within a quarter of an hour begin one', [14, 5, 1], 0],
    ['each further one is a round', [20, 15, 10, 5, 1], 2],
    ['three in more than that are none', [20, 10, 1], null],
    ['it goes on while the pauses grow', [100, 95, 90, 80, 60, 20], 3],
    ['nobody answered within a quarter of an hour', [30, 25, 20], null],
    ['two hours of calm end it', [300, 295, 290, 121], null],
    ['what was before the calm does not count', [400, 395, 390, 20, 1], null],
    ['what is to come does not count', [10, 5, -5], null],
  ])('%s', (_what, minutesAgo, expected) => {
    expect(fightOver('trustPolicy', reverts(...minutesAgo), usualLimits, now)?.rounds ?? null).toBe(expected);
  });

  it('begins where the settings say', () => {
    expect(roundsWith(2, 15, 5, 1)).toBe(0);
    expect(roundsWith(4, 15, 14, 5, 1)).toBeNull();
    expect(roundsWith(3, 10, 14, 5, 1)).toBeNull();
  });

  it('is over one path only', () => {
    expect(fightOver('managedPolicies[x]', reverts(14, 5, 1), usualLimits, now)).toBeNull();
  });

  it('is over the role only after many more, and those that were put back together count once', () => {
    const apart = (count: number, together: number) => ({
      reverts: Array.from({ length: count }, (_, index) => ({
        id: String(Math.floor(index / together)),
        at: new Date(now.getTime() - MINUTE).toISOString(),
        path: `inlinePolicies[${index}]`,
        effect: 'closes' as const,
      })),
    });
    expect(fightOverRole(apart(11, 1), usualLimits, now)).toBeNull();
    expect(fightOverRole(apart(12, 1), usualLimits, now)).toMatchObject({ rounds: 0, reverts: 12 });
    expect(fightOverRole(apart(24, 3), usualLimits, now)).toBeNull();
  });

  it('does not depend on the order in which the reverts were stored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 30 }), (minutes) => {
        const sorted = [...minutes].sort((a, b) => a - b);
        expect(fightOver('trustPolicy', reverts(...minutes), usualLimits, now)).toEqual(
          fightOver('trustPolicy', reverts(...sorted), usualLimits, now),
        );
      }),
    );
  });

  it('one more revert never makes it smaller', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 20 }), (minutes) => {
        expect(rounds([...minutes, 0])).toBeGreaterThanOrEqual(rounds(minutes));
      }),
    );
  });
});
