import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { WriteStream } from 'node:tty';

import type { Io, Output } from './io.ts';
import { createOutput } from './io.ts';
import { reasonOf } from './read-input.ts';
import { red } from './terminal.ts';

/** Long lines tire the eye; a narrow terminal is taken as it is. */
const widest = 100;

/** The real process. `entry` is the URL of the program's entry file, two folders below the package's root. */
export function processIo(entry: string): Io {
  const stderr = streamOutput(process.stderr, failQuietly);
  return {
    stdout: streamOutput(process.stdout, (error) => {
      stderr.line(red('error: '), `the results cannot be written: ${reasonOf(error)}`);
      failQuietly();
    }),
    stderr,
    stdin: async () => buffer(process.stdin),
    cwd: process.cwd(),
    env: process.env,
    packageRoot: fileURLToPath(new URL('../../', entry)),
    stopped: async () => {
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    },
  };
}

/** Whatever the command answers: some of its output is lost, which may be known only once it has answered. */
function failQuietly(): void {
  process.once('exit', () => {
    process.exitCode = 1;
  });
}

/** @param onFailure Told once of output that cannot be written, though somebody waits for it. */
function streamOutput(stream: WriteStream, onFailure: (error: Error) => void): Output {
  let closed = false;
  // The work goes on: a live run must not stop half-way. `… | head` closes the pipe early, and wants no more: that is quiet,
  // and the exit code still counts.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const isFirst = !closed;
    closed = true;
    if (isFirst && error.code !== 'EPIPE') onFailure(error);
  });
  return createOutput(
    (text) => {
      if (!closed) stream.write(text);
    },
    {
      colour: wantsColour(process.env, stream.isTTY),
      columns: Math.min(columnsOf(stream), widest),
      isTerminal: stream.isTTY,
    },
  );
}

/** Of a pipe, the width of the terminal that most likely stands at its end (`| less`). */
function columnsOf(stream: WriteStream): number {
  const terminal = [stream, process.stderr].find(({ isTTY, columns }) => isTTY && columns > 0);
  return terminal?.columns ?? widest;
}

/** Colour on a terminal only; https://no-color.org and its opposite have the last word. */
export function wantsColour(env: Io['env'], isTTY: boolean): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return isTTY && env['TERM'] !== 'dumb';
}
