/** Bundles the functions and the command line into `dist/`; fails when a bundle outgrows its budget. */
import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';

import { build } from 'esbuild';

import { functionBundle } from './function-bundle.ts';

/** What each function's bundle may weigh: a little more than today. A cold start pays for every kilobyte. */
const BUDGETS_KB = new Map([
  ['remediate', 740],
  ['resync', 325],
  ['notify', 400],
  ['canary', 255],
]);
const KB = 1024;

rmSync('dist', { recursive: true, force: true });
await bundleFunctions();
await bundleCommandLine();

async function bundleFunctions(): Promise<void> {
  const functions = readdirSync('functions').filter((name) => existsSync(`functions/${name}/handler.ts`));
  for (const name of functions) {
    const outfile = `dist/functions/${name}/index.mjs`;
    await build({ ...functionBundle, entryPoints: [`functions/${name}/handler.ts`], outfile });
    withinBudget(outfile, BUDGETS_KB.get(name));
  }
}

/** In pieces: what a command does not need is not even read. */
async function bundleCommandLine(): Promise<void> {
  await build({
    entryPoints: { 'iam-drift': 'functions/cli/main.ts' },
    outdir: 'dist/cli',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: functionBundle.mainFields,
    conditions: functionBundle.conditions,
    keepNames: true,
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: 'warning',
  });
  chmodSync('dist/cli/iam-drift.mjs', 0o755);
}

function withinBudget(outfile: string, budgetKb: number | undefined): void {
  const kb = statSync(outfile).size / KB;
  console.log(`${outfile}: ${kb.toFixed(0)} KB of ${budgetKb}`);
  if (budgetKb === undefined) throw new Error(`${outfile} has no budget: give it one in BUDGETS_KB`);
  if (kb > budgetKb) throw new Error(`${outfile} is ${kb.toFixed(0)} KB, over its budget of ${budgetKb} KB`);
}
