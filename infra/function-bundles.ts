import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { TerminalError } from '../shared/errors.ts';

/** The folder of the built functions, of the repository or of the package that this file is part of. */
export function functionBundles(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const bundles = join(folder, 'dist', 'functions');
    if (existsSync(bundles)) return bundles;
    if (folder === dirname(folder))
      throw new TerminalError(`no dist/functions above ${import.meta.dirname}: run "npm run build" first`);
  }
}
