import type { Args } from '../command.ts';
import type { Io } from '../io.ts';

export const byOption = {
  by: { value: 'NAME', summary: 'who you are, for the record; your user name unless said' },
} as const;

/** Who the operator says he is. Who really wrote it, CloudTrail knows. */
export function operatorName(io: Io, args: Args<'by'>): string {
  return args.text('by') ?? userName(io);
}

/** Who is at the command line, as far as the environment tells. */
export function userName({ env }: Io): string {
  return env['USER'] ?? env['LOGNAME'] ?? 'an operator';
}
