import { availableParallelism, cpus } from 'node:os';

/** What the numbers were taken on. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  return `${model}, ${availableParallelism()} cores, ${process.platform} ${process.arch}, node ${process.version}`;
}
