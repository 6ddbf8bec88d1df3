/**
 * `trim` before packing, `restore` after it. What is packed is bundled, so whoever installs the package needs none of the
 * dependencies, least of all the Node runtime that this repository's own scripts run on.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import * as z from 'zod/mini';

const MANIFEST = 'package.json';
const SAVED = '.package.json.saved';
const ONLY_HERE = ['scripts', 'allowScripts', 'dependencies', 'optionalDependencies', 'devDependencies'];

const [, , verb] = process.argv;
if (verb === 'trim') trim();
else if (verb === 'restore') restore();
else throw new Error('usage: node scripts/package-manifest.ts trim|restore');

function trim(): void {
  restore();
  copyFileSync(MANIFEST, SAVED);
  const manifest = z.parse(z.record(z.string(), z.unknown()), JSON.parse(readFileSync(MANIFEST, 'utf8')));
  const packed = Object.fromEntries(Object.entries(manifest).filter(([key]) => !ONLY_HERE.includes(key)));
  writeFileSync(MANIFEST, `${JSON.stringify(packed, null, 2)}\n`);
}

/** Also mends a packing that was broken off. */
function restore(): void {
  if (existsSync(SAVED)) renameSync(SAVED, MANIFEST);
}
