import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { Clock, RandomBytes } from '../ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
};

export const randomBytes: RandomBytes = (size) => nodeRandomBytes(size);
