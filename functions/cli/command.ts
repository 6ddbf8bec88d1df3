import { parseArgs } from 'node:util';

import { didYouMean } from '../../shared/spec/did-you-mean.ts';
import type { ExitCode, Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** A flag; with `value` it takes one, and `value` is its name in the help. */
interface Option {
  readonly value?: string;
  readonly summary: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What the user typed, known to be among the declared options. */
export interface Args<Name extends string = string> {
  readonly positionals: readonly string[];
  flag(name: Name | 'json' | 'debug'): boolean;
  /** null where it was not given. */
  text(name: Name): string | null;
}

interface CommandDefinition<O extends Options> {
  readonly name: string;
  /** What follows the command's name. */
  readonly usage: string;
  /** A few lines on what it does, in the help. */
  readonly details?: readonly string[];
  readonly options: O;
  readonly positionals: { readonly min: number; readonly max: number };
  readonly examples: readonly string[];
  readonly run: (io: Io, args: Args<keyof O & string>) => Promise<ExitCode>;
}

export interface Command extends Omit<CommandDefinition<Options>, 'run'> {
  readonly run: (io: Io, argv: readonly string[]) => Promise<ExitCode>;
}

/** Options that every command has. */
export const commonOptions = {
  json: { summary: 'print the results as JSON, for programs' },
  debug: { summary: 'show stack traces of errors' },
  help: { summary: 'show this help' },
} as const satisfies Options;

/** Declares a command; add it to the list in `commands/index.ts`. */
export function defineCommand<const O extends Options>(definition: CommandDefinition<O>): Command {
  return {
    ...definition,
    run: async (io, argv) => definition.run(io, parse(definition, argv)),
  };
}

function parse(
  command: Pick<Command, 'name' | 'usage' | 'options' | 'positionals'>,
  argv: readonly string[],
): Args {
  const options: Options = { ...command.options, ...commonOptions };
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        { type: option.value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string | true>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const value = optionValue(token, options, command.name);
    const before = given.get(token.name) ?? value;
    // Which of the two was meant, nobody knows.
    if (before !== value)
      throw new UsageError(
        `${command.name}: --${token.name} is given twice, as "${before}" and as "${value}"`,
      );
    given.set(token.name, value);
  }
  const { min, max } = command.positionals;
  if (positionals.length < min || positionals.length > max) {
    const what =
      positionals.length < min
        ? `${command.usage.split(' ')[positionals.length] ?? 'something'} is missing`
        : `"${positionals[max]}" is one too many`;
    throw new UsageError(`${command.name}: ${what}. Usage: iam-drift ${command.name} ${command.usage}`);
  }
  return {
    positionals,
    flag: (name) => given.get(name) === true,
    text: (name) => {
      const value = given.get(name);
      return typeof value === 'string' ? value : null;
    },
  };
}

function optionValue(
  token: {
    readonly name: string;
    readonly rawName: string;
    readonly value: string | undefined;
    readonly inlineValue: boolean | undefined;
  },
  options: Options,
  command: string,
): string | true {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (option === undefined) {
    const meant = didYouMean(token.name, Object.keys(options));
    const remedy =
      meant === null
        ? `A name that begins with "-" is written after "--". The options: iam-drift ${command} --help`
        : `Did you mean "--${meant}"?`;
    throw new UsageError(`${command}: unknown option "${token.rawName}". ${remedy}`);
  }
  if (option.value === undefined) {
    if (token.value === undefined) return true;
    throw new UsageError(`${command}: --${token.name} takes no value, but got "${token.value}"`);
  }
  const { value = '' } = token;
  // The next option is no value; a file of such a name can be given as ./--name or --spec=--name.
  if (value === '' || (value.startsWith('--') && token.inlineValue !== true)) {
    throw new UsageError(`${command}: --${token.name} needs a value: --${token.name} ${option.value}`);
  }
  return value;
}
