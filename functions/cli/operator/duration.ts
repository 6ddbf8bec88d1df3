const MILLISECONDS = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** `90m`, `2h`, `1d` in milliseconds; null for anything else. */
export function durationFrom(text: string): number | null {
  const [, count, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text.trim()) ?? [];
  const size = MILLISECONDS.get(unit ?? '');
  return count === undefined || size === undefined ? null : Number(count) * size;
}
