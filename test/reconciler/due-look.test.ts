import { describe, expect, it } from 'vitest';

import { unsent } from '../../shared/reconciler/applied-change.ts';
import { dueLook } from '../../shared/reconciler/due-look.ts';
import { aPlannedChange } from '../support/planned-change.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const at = (time: string) => `2026-03-02T${time}.000Z`;
const held = (...times: readonly (string | null)[]) =>
  times.map((dueAt) => ({ ...unsent(aPlannedChange('tags[a]')), dueAt }));

describe('a look at what is held', () => {
  it('is asked for when the first of the holds is due', () => {
    expect(dueLook(held(at('10:10:00'), at('10:05:00'), null), null, now)).toEqual({
      at: at('10:05:00'),
      delaySeconds: 300,
    });
  });

  it('is not asked for where nothing has a time', () => {
    expect(dueLook(held(null), null, now)).toBeNull();
  });

  it('is reached in several where a message cannot wait that long', () => {
    expect(dueLook(held(at('12:00:00')), null, now)).toEqual({ at: at('10:15:00'), delaySeconds: 900 });
  });

  it('is asked for in a second where it is due already', () => {
    expect(dueLook(held(at('09:59:00')), null, now)).toEqual({ at: at('10:00:01'), delaySeconds: 1 });
  });

  it.each([
    ['is on its way where it was asked for', '10:05:00', '10:05:00', null],
    ['and where an earlier one was', '10:05:00', '10:03:00', null],
    ['is asked for where only a later one was', '10:05:00', '10:12:00', 300],
    ['and where that one has come, or may be this one', '10:05:00', '10:00:10', 300],
  ])('%s', (_what, due, askedFor, delaySeconds) => {
    expect(dueLook(held(at(due)), at(askedFor), now)).toEqual({
      at: delaySeconds === null ? at(askedFor) : at(due),
      delaySeconds,
    });
  });
});
