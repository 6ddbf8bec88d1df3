import type { Command, Options } from './command.ts';
import type { ListedCommand } from './commands/index.ts';
import { commonOptions } from './command.ts';
import type { Output } from './io.ts';
import { bold, cyan, dim, type Span } from './terminal.ts';
import { wrap } from './wrap.ts';

const program = 'iam-drift';

/** Help on the whole program. */
export function showHelp(
  output: Output,
  commands: Readonly<Record<string, Pick<ListedCommand, 'summary'>>>,
): void {
  output.line(bold(program), ' keeps AWS IAM roles as you declared them.');
  output.line();
  output.line(bold('Usage: '), `${program} <command> [options]`);
  output.line();
  table(
    output,
    Object.entries(commands).map(([name, { summary }]) => [name, summary]),
  );
  output.line();
  output.line(bold('Try it, no AWS account needed:'));
  output.line(`  ${program} replay`);
  output.line();
  for (const line of [
    'Results go to stdout, all else to stderr.',
    'Exit codes: 0 all as declared, 1 something failed, 2 drift left in place or documents differ.',
    `More on one: ${program} <command> --help`,
  ])
    wrapped(output, [], dim(line));
}

/** Help on one command. */
export function showCommandHelp(output: Output, command: Command, purpose: string): void {
  wrapped(output, [], bold(`${program} ${command.name}`), `: ${purpose}`);
  output.line();
  wrapped(output, [bold('Usage: ')], [program, command.name, command.usage].join(' ').trim());
  if (command.details !== undefined) {
    output.line();
    for (const detail of command.details) wrapped(output, [], detail);
  }
  output.line();
  const options: Options = { ...command.options, ...commonOptions };
  table(
    output,
    Object.entries(options).map(([name, { value, summary }]) => [
      value === undefined ? `--${name}` : `--${name} ${value}`,
      summary,
    ]),
  );
  output.line();
  output.line(bold(command.examples.length === 1 ? 'Example:' : 'Examples:'));
  for (const example of command.examples) output.line(`  ${example}`);
}

/** Two columns, the second one wrapped. */
export function table(output: Output, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([left]) => left.length));
  for (const [left, right] of rows) {
    wrapped(output, ['  ', cyan(left), ' '.repeat(width - left.length + 2)], right);
  }
}

function wrapped(output: Output, first: readonly Span[], ...spans: readonly Span[]): void {
  for (const line of wrap(first, spans, output.columns)) output.line(...line);
}
