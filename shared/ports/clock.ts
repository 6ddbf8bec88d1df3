/** Time, handed in, so that the whole chain can be simulated. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** Randomness, handed in: `size` random bytes. */
export type RandomBytes = (size: number) => Uint8Array;
