import { UsageError } from '../usage-error.ts';

/** Why an operator does it, as typed after --reason. @throws {UsageError} where that is nothing, or blanks only. */
export function reasonFrom(command: string, text: string | null): string {
  const reason = text?.trim() ?? '';
  if (reason === '') throw new UsageError(`${command}: --reason is missing: others will want to know why`);
  return reason;
}
