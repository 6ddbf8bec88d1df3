/** Bundles the functions and the command line into `dist/`; fails when a bundle outgrows its budget. */
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { existsSync } from 'node:fs';

import { build } from 'esbuild';

const LAMBDA_BUDGET_KB = 400;
const KB = 1024;

rmSync('dist', { recursive: true, force: true });
await bundleFunctions();
await bundleCommandLine();

async function bundleFunctions(): Promise<void> {
  const functions = readdirSync('functions').filter((name) => existsSync(`functions/${name}/handler.ts`));
  for (const name of functions) {
    const outfile = `dist/functions/${name}/index.mjs`;
    await build({
      entryPoints: [`functions/${name}/handler.ts`],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      minify: true,
      // Error and class names reach logs and the Lambda console.
      keepNames: true,
      sourcemap: 'linked',
      sourcesContent: false,
      alias: {
        'node:http': './scripts/shims/node-http.ts',
        '@aws-sdk/credential-provider-node': './scripts/shims/lambda-credentials.ts',
      },
      logLevel: 'warning',
    });
    withinBudget(outfile, LAMBDA_BUDGET_KB);
  }
}

async function bundleCommandLine(): Promise<void> {
  const outfile = 'dist/cli/iam-drift.mjs';
  await build({
    entryPoints: ['functions/cli/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: 'warning',
  });
  chmodSync(outfile, 0o755);
}

function withinBudget(outfile: string, budgetKb: number): void {
  const kb = statSync(outfile).size / KB;
  console.log(`${outfile}: ${kb.toFixed(0)} KB of ${budgetKb}`);
  if (kb > budgetKb) throw new Error(`${outfile} is ${kb.toFixed(0)} KB, over its budget of ${budgetKb} KB`);
}
