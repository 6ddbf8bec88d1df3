import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { build } from 'esbuild';

import { functionBundle } from '../scripts/function-bundle.ts';
import { startEmbeddedAccount } from '../shared/embedded-account/server.ts';
import { usualLimits } from '../shared/guards/limits.ts';
import { loadSpec } from '../shared/spec/load-spec.ts';
import { inEnvelope } from '../test/support/cloudtrail-events.ts';
import { ledgerTable } from '../test/support/dynamodb.ts';
import { runFunction } from '../test/support/lambda-runtime/run-function.ts';
import { ACCOUNT_ID, sqsBatch } from '../test/support/scene.ts';
import { mediansInTurns, millisecondsOf } from './measure.ts';
import { row, type Row } from './row.ts';
import { specText, theEvent, theRole } from './the-role.ts';

const TURNS = 9;
const root = join(import.meta.dirname, '..');
const remediateBundle = join(root, 'dist/functions/remediate');
const commandLine = join(root, 'dist/cli/iam-drift.mjs');

/** @throws {Error} where there is nothing to start. */
export function requireBuild(): void {
  for (const file of [join(remediateBundle, 'index.mjs'), commandLine])
    if (!existsSync(file)) throw new Error(`there is no ${relative(root, file)}: run "npm run build" first`);
}

/** From the start of the process to its first answer, beside bare node and beside a function of the SDK alone. */
export async function startRows(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'iam-drift-bench-'));
  const account = await startEmbeddedAccount({ accountId: ACCOUNT_ID });
  account.createRole(theRole);
  const table = await ledgerTable();
  try {
    const env = functionSettings(folder, { iam: account.endpoint, dynamodb: table.endpoint });
    await bundleBareFunction(join(folder, 'bare'));
    const ours = () => coldStart(remediateBundle, env);
    const bareFunction = () => coldStart(join(folder, 'bare'), env);
    const bareNode = () => nodeRun('-e', '0');
    const help = () => nodeRun(commandLine, '--help');
    const besideSdk = await mediansInTurns(ours, bareFunction, TURNS);
    const besideNode = await mediansInTurns(ours, bareNode, TURNS);
    const cli = await mediansInTurns(help, bareNode, TURNS);
    return [
      row('cold start to first answer, beside a bare SDK function', 'ms', besideSdk.value, besideSdk.floor),
      row('cold start to first answer, beside bare node', 'ms', besideNode.value, besideNode.floor),
      row('command line start, beside bare node', 'ms', cli.value, cli.floor),
    ];
  } finally {
    await account.close();
    table.close();
    rmSync(folder, { recursive: true });
  }
}

function functionSettings(
  folder: string,
  endpoints: { readonly iam: string; readonly dynamodb: string },
): Record<string, string> {
  const specFile = join(folder, 'spec.json');
  writeFileSync(specFile, JSON.stringify(loadSpec(specText, 'roles.yaml').spec));
  return {
    ACCOUNT_ID,
    // Not called, nor is the kill switch read: the event is old and the role in sync.
    CHANGES_QUEUE_URL: 'http://127.0.0.1:9/changes',
    CONTROLS_TABLE: 'controls',
    GUARD_LIMITS: JSON.stringify(usualLimits),
    KILL_SWITCH_PARAMETER: '/iam-drift/kill-switch',
    LEDGER_RETENTION_DAYS: '400',
    LEDGER_TABLE: 'ledger',
    REPORT_BUS_NAME: 'iam-drift',
    SPEC_FILE: specFile,
    AWS_ENDPOINT_URL_IAM: endpoints.iam,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  };
}

/** With the settings of our own bundles, so that only the content differs. */
async function bundleBareFunction(folder: string): Promise<void> {
  await build({
    ...functionBundle,
    absWorkingDir: root,
    entryPoints: ['bench/bare-function.ts'],
    outfile: join(folder, 'index.mjs'),
  });
}

async function coldStart(bundle: string, env: Readonly<Record<string, string>>): Promise<number> {
  const start = performance.now();
  const running = await runFunction(bundle, env);
  try {
    await running.invoke(sqsBatch([JSON.stringify(inEnvelope(theEvent))]));
    return performance.now() - start;
  } finally {
    await running.stop();
  }
}

function nodeRun(...args: readonly string[]): Promise<number> {
  return millisecondsOf(async () => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    await once(child, 'exit');
    if (child.exitCode !== 0) throw new Error(`node ${args.join(' ')} ended with ${child.exitCode}`);
  });
}
