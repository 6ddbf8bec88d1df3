/** Does the work once; answers how many milliseconds it took. */
export type Timed = () => Promise<number>;

/** Milliseconds that `work` takes. */
export async function millisecondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * The medians of two works, taken in turns: what slows the machine down for a while slows both down.
 * The first turn only warms up.
 */
export async function mediansInTurns(
  work: Timed,
  floor: Timed,
  turns: number,
): Promise<{ readonly value: number; readonly floor: number }> {
  const values: number[] = [];
  const floors: number[] = [];
  for (let turn = 0; turn <= turns; turn += 1) {
    const [ours, least] = [await work(), await floor()];
    if (turn === 0) continue;
    values.push(ours);
    floors.push(least);
  }
  return { value: median(values), floor: median(floors) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
