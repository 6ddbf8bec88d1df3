/** Milliseconds of this thread's own work: other processes on the machine do not count, as they would on a clock. */
export async function cpuTime(work: () => unknown): Promise<number> {
  const start = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** Below this, warming up and collecting garbage outweigh the work. */
const NEGLIGIBLE_MS = 60;

/** Between linear and quadratic, with room for what grows by n log n and for the garbage collector. */
export const ABOUT_LINEAR = 10;

/**
 * How much more work four times the input takes: about 4 where it is linear, 16 where it is quadratic. 1 where even the
 * larger input is negligible. What looks bad is measured again.
 */
export async function growth<T>(
  make: (size: number) => T,
  work: (input: T) => unknown,
  size: number,
): Promise<number> {
  const [small, large] = [make(size), make(4 * size)];
  const attempt = async () => {
    const once = await cpuTime(() => work(small));
    const fourfold = await cpuTime(() => work(large));
    return fourfold < NEGLIGIBLE_MS ? 1 : fourfold / once;
  };
  const first = await attempt();
  return first < ABOUT_LINEAR ? first : Math.min(first, await attempt());
}
