import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { build } from 'esbuild';

import { functionBundle } from '../scripts/function-bundle.ts';
import { startEmbeddedAccount } from '../shared/embedded-account/server.ts';
import { usualLimits } from '../shared/guards/limits.ts';
import type { JsonObject } from '../shared/model.ts';
import { loadSpec } from '../shared/spec/load-spec.ts';
import { inEnvelope } from '../test/support/cloudtrail-events.ts';
import { ledgerTable } from '../test/support/dynamodb.ts';
import { jsonService } from '../test/support/json-service.ts';
import { runFunction } from '../test/support/lambda-runtime/run-function.ts';
import { ACCOUNT_ID, sqsBatch } from '../test/support/scene.ts';
import { mediansInTurns, millisecondsOf } from './measure.ts';
import { row, type Row } from './row.ts';
import { specText, theChange, theEvent, theRole, trustPolicy } from './the-role.ts';

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
  try {
    return [...(await functionRows(folder)), ...(await commandLineRows(folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function functionRows(folder: string): Promise<readonly Row[]> {
  const account = await startEmbeddedAccount({ accountId: ACCOUNT_ID });
  const table = await ledgerTable();
  const parameters = await jsonService(() => ({ Parameter: { Value: 'run' } }));
  const bus = await jsonService(() => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] }));
  const bareFunction = join(folder, 'bare');
  const env = {
    ...functionSettings(folder),
    AWS_ENDPOINT_URL_IAM: account.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint,
    AWS_ENDPOINT_URL_SSM: parameters.endpoint,
  };
  const inSync = (bundle: string) => async () => {
    account.createRole(theRole);
    return coldStart(bundle, env, theEvent);
  };
  const drifted = (bundle: string) => async () => {
    account.createRole(theRole);
    account.apply(theChange);
    // A ledger of its own: the same drift again and again would be a fight, and held.
    const ledger = await ledgerTable();
    try {
      const settings = { ...env, AWS_ENDPOINT_URL_DYNAMODB: ledger.endpoint, ROLE_IS: 'drifted' };
      const time = await coldStart(bundle, settings, theEvent);
      if (!isDeepStrictEqual(account.role(theRole.roleName)?.trustPolicy, trustPolicy))
        throw new Error(`${bundle} did not put the role back`);
      return time;
    } finally {
      ledger.close();
    }
  };
  try {
    await bundleBareFunction(bareFunction);
    const besideSdk = await mediansInTurns(inSync(remediateBundle), inSync(bareFunction), TURNS);
    const besideNode = await mediansInTurns(inSync(remediateBundle), bareNode, TURNS);
    const mending = await mediansInTurns(drifted(remediateBundle), drifted(bareFunction), TURNS);
    return [
      row('cold start to first answer, beside a bare SDK function', 'ms', besideSdk.value, besideSdk.floor),
      row('cold start to first answer, beside bare node', 'ms', besideNode.value, besideNode.floor),
      row('cold start to a drift put back, beside a bare SDK function', 'ms', mending.value, mending.floor),
    ];
  } finally {
    await account.close();
    table.close();
    parameters.close();
    bus.close();
  }
}

async function commandLineRows(folder: string): Promise<readonly Row[]> {
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(trustPolicy));
  const runs = [
    ['--help'],
    ['compare', policy, policy],
    ['validate', '--spec', join(root, 'infra/spec/roles.yaml')],
  ];
  const rows: Row[] = [];
  for (const args of runs) {
    const { value, floor } = await mediansInTurns(() => nodeRun(commandLine, ...args), bareNode, TURNS);
    rows.push(row(`command line ${args[0]}, beside bare node`, 'ms', value, floor));
  }
  return rows;
}

const bareNode = () => nodeRun('-e', '0');

function functionSettings(folder: string): Record<string, string> {
  const specFile = join(folder, 'spec.json');
  writeFileSync(specFile, JSON.stringify(loadSpec(specText, 'roles.yaml').spec));
  return {
    ACCOUNT_ID,
    // Not called: the event is old.
    CHANGES_QUEUE_URL: 'http://127.0.0.1:9/changes',
    CONTROLS_TABLE: 'controls',
    GUARD_LIMITS: JSON.stringify(usualLimits),
    HAS_CANARY: 'false',
    KILL_SWITCH_PARAMETER: '/iam-drift/kill-switch',
    LEDGER_RETENTION_DAYS: '400',
    LEDGER_TABLE: 'ledger',
    REPORT_BUS_NAME: 'iam-drift',
    SPEC_FILE: specFile,
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

async function coldStart(
  bundle: string,
  env: Readonly<Record<string, string>>,
  event: JsonObject,
): Promise<number> {
  const start = performance.now();
  const running = await runFunction(bundle, env);
  try {
    await running.invoke(sqsBatch([JSON.stringify(inEnvelope(event))]));
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
