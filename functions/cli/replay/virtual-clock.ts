import type { Clock } from '../../../shared/ports/clock.ts';

/** A clock that is set, runs as fast as the real one, and whose sleeps are over at once. It never goes back. */
export interface VirtualClock extends Clock {
  /** Moves on to a time, if that is later than now. */
  readonly set: (time: Date) => void;
}

/** @param elapsed Milliseconds since any fixed moment. */
export function createVirtualClock(
  start: Date,
  elapsed: () => number = () => performance.now(),
): VirtualClock {
  let base = start.getTime() - elapsed();
  const now = () => base + elapsed();
  return {
    now: () => new Date(now()),
    sleep: async (milliseconds) => {
      base += milliseconds;
    },
    set: (time) => {
      base += Math.max(0, time.getTime() - now());
    },
  };
}
