import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { closeSync, openSync } from 'node:fs';

import { ACCOUNT_ID } from './account.ts';

export interface MotoServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Starts moto on a free loopback port; its own log goes to `logFile`. */
export async function startMoto(python: string, logFile: string): Promise<MotoServer> {
  const log = openSync(logFile, 'w');
  const child = spawn(python, [join(import.meta.dirname, 'serve.py')], {
    stdio: ['pipe', 'pipe', log],
    env: {
      PATH: process.env['PATH'],
      MOTO_ACCOUNT_ID: ACCOUNT_ID,
      // Without it, attaching an AWS managed policy is refused as NoSuchEntity.
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
    },
  });
  closeSync(log);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('moto was started without pipes');
  const ended = once(child, 'exit');
  const port = await Promise.race([
    once(stdout, 'data', { signal: AbortSignal.timeout(START_MS) }).then(([chunk]) => Number(chunk)),
    ended.then(([code]) => {
      throw new Error(`moto ended with ${code} before it served: see ${logFile}`);
    }),
  ]);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      stdin.end();
      const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(patience);
    },
  };
}
