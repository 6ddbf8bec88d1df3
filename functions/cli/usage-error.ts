/** The user can mend it: told in one line on stderr, exit code 1. The message names the thing, the value and the remedy. */
export class UsageError extends Error {
  override name = 'UsageError';
}
