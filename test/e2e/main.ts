/** `npm run test:e2e`: the deployed chain on moto, an AWS that was not written by us. docs/end-to-end.md says what it proves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { MissingPythonError, motoPython } from './moto/python.ts';
import { startMoto } from './moto/server.ts';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.cache');
const LIMIT_MS = 20 * 60_000;

mkdirSync(CACHE, { recursive: true });
// A folder that ignores itself needs no line elsewhere.
writeFileSync(join(CACHE, '.gitignore'), '*\n');
try {
  const moto = await startMoto(motoPython(CACHE), join(CACHE, 'moto.log'));
  try {
    process.exitCode = await runTests(moto.endpoint);
  } finally {
    await moto.stop();
  }
} catch (error) {
  if (!(error instanceof MissingPythonError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Answers vitest's exit code. Ends it when we are told to end, and when it takes too long. */
async function runTests(endpoint: string): Promise<number> {
  const vitest = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'vitest.e2e.config.ts',
      ...process.argv.slice(2),
    ],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, MOTO_ENDPOINT: endpoint } },
  );
  const end = (signal: NodeJS.Signals) => vitest.kill(signal);
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  const limit = setTimeout(() => {
    console.error(`the end-to-end tests took longer than ${LIMIT_MS / 60_000} minutes`);
    vitest.kill('SIGKILL');
  }, LIMIT_MS);
  const ended: readonly unknown[] = await once(vitest, 'exit');
  clearTimeout(limit);
  return typeof ended[0] === 'number' ? ended[0] : 1;
}
