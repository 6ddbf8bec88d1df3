import { UsageError } from '../usage-error.ts';
import { durationFrom } from './duration.ts';

// Longer than any outage should last; what is needed for longer belongs into the spec.
const LONGEST_MS = 24 * 3_600_000;

/**
 * How long a role may be left as it is, in milliseconds.
 * @throws {UsageError} for anything but a time of at most 24 hours. `option` is what the user wrote it after.
 */
export function exemptionLength(option: string, text: string | null): number {
  const length = text === null ? null : durationFrom(text);
  if (length === null || length > LONGEST_MS)
    throw new UsageError(`${option} ${text ?? 'is missing'}: write a time such as 90m or 2h, 24h at most`);
  return length;
}
