import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

import type { Io } from '../io.ts';
import { reasonOf } from '../read-input.ts';

const eventFile = /\.(?:json|jsonl|ndjson)(?:\.gz)?$/i;

/** Where events are read from, and what of it could not be found. */
export interface FoundFiles {
  readonly files: readonly string[];
  readonly faults: readonly { readonly place: string; readonly message: string }[];
}

/**
 * The files that the user named: a file as it is, whatever its name; a folder's event files, recursively; `-` for stdin.
 * In the order given, a folder's by name.
 */
export async function findFiles(io: Io, names: readonly string[]): Promise<FoundFiles> {
  const files: (readonly string[])[] = [];
  const faults: { place: string; message: string }[] = [];
  for (const name of names) {
    try {
      const found = name === '-' || !(await isFolder(io, name)) ? [name] : await filesBelow(io, name, true);
      if (found.length === 0)
        faults.push({ place: name, message: 'holds no .json, .json.gz or .ndjson file' });
      files.push(found);
    } catch (error) {
      faults.push({ place: name, message: `cannot be read: ${reasonOf(error)}` });
    }
  }
  return { files: files.flat(), faults };
}

/** The event files directly in a folder; none if there is no such folder. */
export async function filesDirectlyIn(io: Io, folder: string): Promise<readonly string[]> {
  try {
    return await filesBelow(io, folder, false);
  } catch {
    return [];
  }
}

async function isFolder(io: Io, name: string): Promise<boolean> {
  return (await stat(path.resolve(io.cwd, name))).isDirectory();
}

// Links to folders are not followed: a link to a folder above would never end.
async function filesBelow(io: Io, folder: string, recursive: boolean): Promise<readonly string[]> {
  const entries = await readdir(path.resolve(io.cwd, folder), { withFileTypes: true });
  const files: (readonly string[])[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) files.push(recursive ? await filesBelow(io, name, true) : []);
    else if (eventFile.test(entry.name)) files.push([name]);
  }
  return files.flat();
}
