import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { commands, type ListedCommand } from './commands/index.ts';
import { didYouMean } from '../../shared/spec/did-you-mean.ts';
import { errorInWords } from './error-in-words.ts';
import { showCommandHelp, showHelp } from './help.ts';
import type { ExitCode, Io } from './io.ts';
import { dim, red } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** The command line: `argv` without node and the script. Never throws: an error is one line on stderr and exit code 1. */
export async function run(io: Io, argv: readonly string[]): Promise<ExitCode> {
  try {
    return await dispatch(io, argv);
  } catch (error) {
    showError(io, error, argv.includes('--debug'));
    return 1;
  }
}

async function dispatch(io: Io, argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    showHelp(io.stderr, commands);
    return 1;
  }
  if (name === '--version') {
    io.stdout.line(await version(io));
    return 0;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest[0] === undefined)) {
    showHelp(io.stdout, commands);
    return 0;
  }
  if (name === 'help') {
    const { summary, load } = findCommand(rest[0] ?? '');
    showCommandHelp(io.stdout, await load(), summary);
    return 0;
  }
  const { summary, load } = findCommand(name);
  const command = await load();
  if (asksForHelp(rest)) {
    showCommandHelp(io.stdout, command, summary);
    return 0;
  }
  return command.run(io, rest);
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).some((word) => word === '--help' || word === '-h');
}

function findCommand(name: string): ListedCommand {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command;
  const names = Object.keys(commands);
  const meant = didYouMean(name, names);
  throw new UsageError(
    `unknown command "${name}". ${meant === null ? `Commands: ${names.join(', ')}` : `Did you mean "${meant}"?`}`,
  );
}

async function version(io: Io): Promise<string> {
  const text = await readFile(path.join(io.packageRoot, 'package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

function showError(io: Io, error: unknown, debug: boolean): void {
  const [first = '', ...more] = errorInWords(error).split('\n');
  io.stderr.line(red('error: '), first);
  for (const line of more) io.stderr.line('       ', line);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (debug) for (const line of stack.split('\n').slice(1)) io.stderr.line(dim(line));
  else if (!(error instanceof UsageError)) io.stderr.line(dim('       (--debug shows where)'));
}
