import type { Args } from '../command.ts';
import type { Io } from '../io.ts';

export const byOption = {
  by: { value: 'NAME', summary: 'who you are, for the record; your user name unless said' },
} as const;

/** Who the operator says he is. Who really wrote it, CloudTrail knows. */
export function operatorName({ env }: Io, args: Args<'by'>): string {
  return args.text('by') ?? env['USER'] ?? env['LOGNAME'] ?? 'an operator';
}
