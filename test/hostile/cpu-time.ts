/** Milliseconds of this thread's own work: other processes on the machine do not count, as they would on a clock. */
export async function cpuTime(work: () => unknown): Promise<number> {
  const start = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** Below this, warming up and collecting garbage outweigh the work. */
const NEGLIGIBLE_MS = 60;

/**
 * How much more work four times the input takes: about 4 where it is linear, 16 where it is quadratic. 1 where even the
 * larger input is negligible. The better of two attempts.
 */
export async function growth<T>(
  make: (size: number) => T,
  work: (input: T) => unknown,
  size: number,
): Promise<number> {
  const [small, large] = [make(size), make(4 * size)];
  const once = await cpuTime(() => work(small));
  const fourfold = await cpuTime(() => work(large));
  const best = Math.min(fourfold, await cpuTime(() => work(large)));
  return best < NEGLIGIBLE_MS ? 1 : best / Math.min(once, await cpuTime(() => work(small)));
}

/** Between linear and quadratic, with room for what grows by n log n and for the garbage collector. */
export const ABOUT_LINEAR = 10;
