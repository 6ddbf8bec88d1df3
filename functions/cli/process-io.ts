import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { WriteStream } from 'node:tty';

import type { Io, Output } from './io.ts';
import { createOutput } from './io.ts';

/** Long lines tire the eye; a narrow terminal is taken as it is. */
const widest = 100;

/** The real process. `entry` is the URL of the program's entry file, two folders below the package's root. */
export function processIo(entry: string): Io {
  return {
    stdout: streamOutput(process.stdout),
    stderr: streamOutput(process.stderr),
    stdin: async () => buffer(process.stdin),
    cwd: process.cwd(),
    env: process.env,
    packageRoot: fileURLToPath(new URL('../../', entry)),
    stopped: async () => {
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    },
  };
}

function streamOutput(stream: WriteStream): Output {
  let closed = false;
  // `… | head` closes the pipe early. The work goes on, quietly: its exit code still counts, and a live run must not stop half-way.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
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
