import { describe, expect, it } from 'vitest';

import { createVirtualClock } from '../../functions/cli/replay/virtual-clock.ts';

describe('the virtual clock', () => {
  it('runs with the real one, sleeps in no time, moves on when set, and never goes back', async () => {
    let elapsed = 5000;
    const clock = createVirtualClock(new Date('2026-03-03T10:00:00Z'), () => elapsed);
    const now = () => clock.now().toISOString().slice(11, 23);
    expect(now()).toBe('10:00:00.000');
    elapsed += 250;
    expect(now()).toBe('10:00:00.250');
    await clock.sleep(60_000);
    expect(now()).toBe('10:01:00.250');
    clock.set(new Date('2026-03-03T11:00:00Z'));
    expect(now()).toBe('11:00:00.000');
    clock.set(new Date('2026-03-03T09:00:00Z'));
    expect(now()).toBe('11:00:00.000');
  });
});
