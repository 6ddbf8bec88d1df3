import { UsageError } from '../usage-error.ts';
import { durationFrom } from './duration.ts';

const HOUR_MS = 3_600_000;

/**
 * How long a role may be left as it is, in milliseconds.
 * @throws {UsageError} for anything but a time of at most `longestHours`. `option` is what the user wrote it after.
 */
export function exemptionLength(option: string, text: string | null, longestHours: number): number {
  const length = text === null ? null : durationFrom(text);
  if (length === null || length > longestHours * HOUR_MS)
    throw new UsageError(
      `${option} ${text ?? 'is missing'}: write a time such as 90m or 2h, ${longestHours}h at most`,
    );
  return length;
}
