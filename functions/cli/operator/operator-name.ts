import type { Args } from '../command.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

export const byOption = {
  by: {
    value: 'NAME',
    summary: 'who you are, for the record; your user name unless said. Whose AWS credentials say so is added',
  },
} as const;

/** Who the operator says he is: anything. Whose credentials say it, an installation adds (`signed`). */
export function operatorName(io: Io, args: Args<'by'>): string {
  return asName(args.text('by') ?? userName(io));
}

/** Who is at the command line, as far as the environment tells. */
export function userName({ env }: Io): string {
  return asName(env['USER'] ?? env['LOGNAME'] ?? 'an operator');
}

// What AWS says of the caller stands in brackets behind it: nobody may write such brackets, or push them out of a message.
function asName(name: string): string {
  if (/^[^()\p{C}]{1,64}$/u.test(name)) return name;
  throw new UsageError(`--by "${name}": write a name of at most 64 characters, without brackets`);
}
