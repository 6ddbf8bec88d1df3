import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ExitCode, Io } from '../../functions/cli/io.ts';
import { createOutput } from '../../functions/cli/io.ts';
import { run } from '../../functions/cli/run.ts';

/** The repository's root. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface CliResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly colour?: boolean;
  readonly columns?: number;
  readonly isTerminal?: boolean;
  readonly env?: Io['env'];
  readonly stopped?: Io['stopped'];
}

/** Runs the command line in this process, plain and 100 columns wide unless told otherwise. */
export async function cli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const written = { stdout: '', stderr: '' };
  const { colour = false, columns = 100, isTerminal = false } = options;
  const paper = { colour, columns, isTerminal };
  const { stdin = '' } = options;
  const exitCode = await run(
    {
      stdout: createOutput((text) => (written.stdout += text), paper),
      stderr: createOutput((text) => (written.stderr += text), paper),
      stdin: async () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
      cwd: options.cwd ?? root,
      env: options.env ?? {},
      packageRoot: root,
      stopped: options.stopped ?? (async () => {}),
    },
    argv,
  );
  return { exitCode, ...written };
}

/** Runs a test in a folder of its own that holds these files. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  test: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'iam-drift-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The JSON values that were printed, one a line. */
export function jsonLines(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
