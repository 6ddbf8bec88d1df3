import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as z from 'zod/mini';

const run = promisify(execFile);

/** Instead of the AWS CLI: prints its arguments as JSON, one call a line. */
const fakeAws = `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\n`;

/** A call of the AWS CLI: such as `iam attach-role-policy`, and its input as IAM would get it. */
export type CliCall = readonly [command: string, input: Readonly<Record<string, unknown>>];

/** What a shell makes of a script of AWS CLI calls, whose arguments are all JSON. */
export async function callsOf(script: string): Promise<readonly CliCall[]> {
  const folder = await mkdtemp(join(tmpdir(), 'iam-drift-'));
  try {
    await writeFile(join(folder, 'aws'), fakeAws);
    await chmod(join(folder, 'aws'), 0o755);
    await writeFile(join(folder, 'script.sh'), script);
    const { stdout } = await run('sh', [join(folder, 'script.sh')], {
      env: { PATH: `${folder}:/usr/bin:/bin`, HOME: '/home/nobody' },
    });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => callIn(z.parse(z.array(z.string()), JSON.parse(line))));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function callIn(words: readonly string[]): CliCall {
  const firstOption = words.findIndex((word) => word.startsWith('--'));
  const input: Record<string, unknown> = {};
  for (let at = firstOption; at < words.length; at += 2) {
    const value: unknown = JSON.parse(words[at + 1] ?? '');
    if (words[at] === '--cli-input-json') Object.assign(input, value);
    else input[pascalCase(words[at] ?? '')] = JSON.stringify(value);
  }
  return [words.slice(0, firstOption).join(' '), input];
}

function pascalCase(option: string): string {
  return option.replace(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
