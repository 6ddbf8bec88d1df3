/**
 * Writes `dist/construct/`: the construct `DriftRemediator` for other CDK apps, as ES module and as CommonJS, which
 * most CDK apps still are, with types. What it needs is bundled, but for the CDK itself.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { build } from 'esbuild';

const OUTPUT = 'dist/construct';
const ENTRY = 'infra/index';

rmSync(OUTPUT, { recursive: true, force: true });
const types = emitTypes();
for (const format of ['esm', 'cjs'] as const) {
  await bundle(format);
  for (const file of types) {
    mkdirSync(dirname(join(OUTPUT, format, file)), { recursive: true });
    cpSync(join(OUTPUT, 'types', file), join(OUTPUT, format, file));
  }
  // Node and TypeScript take a file's format from the nearest package.json.
  writeFileSync(
    join(OUTPUT, format, 'package.json'),
    `${JSON.stringify({ type: format === 'esm' ? 'module' : 'commonjs' })}\n`,
  );
}
rmSync(join(OUTPUT, 'types'), { recursive: true });

async function bundle(format: 'esm' | 'cjs'): Promise<void> {
  await build({
    entryPoints: [`${ENTRY}.ts`],
    outfile: join(OUTPUT, format, `${ENTRY}.js`),
    bundle: true,
    format,
    platform: 'node',
    target: 'node20',
    external: ['aws-cdk-lib', 'constructs'],
    keepNames: true,
    ...(format === 'cjs'
      ? { define: { 'import.meta.dirname': '__dirname' } }
      : {
          banner: {
            js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
          },
        }),
    logLevel: 'warning',
  });
}

/** The declaration files that the entry's types consist of. */
function emitTypes(): readonly string[] {
  const config = 'dist/tsconfig.construct.json';
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../tsconfig.json',
      files: [`../${ENTRY}.ts`],
      include: [],
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: '..',
        outDir: 'construct/types',
      },
    }),
  );
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', config], { stdio: 'inherit' });
  rmSync(config);
  return reachable(`${ENTRY}.d.ts`, new Set());
}

function reachable(file: string, seen: Set<string>): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(join(OUTPUT, 'types', file), 'utf8');
  const imports = [...text.matchAll(/from '(\.[^']+)\.[jt]s'/g)].map(([, path = '']) =>
    join(dirname(file), `${path}.d.ts`),
  );
  return [file, ...imports.flatMap((next) => reachable(next, seen))];
}
