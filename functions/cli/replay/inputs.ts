import { access } from 'node:fs/promises';
import path from 'node:path';

import type { Spec } from '../../../shared/spec/spec.ts';
import type { Io } from '../io.ts';
import { readSpec } from '../spec-file.ts';
import { UsageError } from '../usage-error.ts';
import type { FoundFiles } from './find-files.ts';
import { filesDirectlyIn, findFiles } from './find-files.ts';

/** What is replayed, and against which declarations. */
export interface ReplayInputs extends FoundFiles {
  readonly spec: Spec;
}

/** The user's files and spec; without any, the scenes in `events/` with the spec made for them. */
export async function replayInputs(
  io: Io,
  paths: readonly string[],
  specFile: string | null,
): Promise<ReplayInputs> {
  const isDemo = paths.length === 0;
  const spec =
    specFile === null
      ? await readOwnOrPackaged(io, isDemo ? 'events/roles.yaml' : 'infra/spec/roles.yaml')
      : await readSpec(io, specFile);
  return { spec, ...(isDemo ? await demoFiles(io) : await findFiles(io, paths)) };
}

async function readOwnOrPackaged(io: Io, file: string): Promise<Spec> {
  return readSpec(io, (await exists(io, file)) ? file : path.join(io.packageRoot, file), file);
}

/** Only those directly in the folder: scenes that must end held lie below. */
async function demoFiles(io: Io): Promise<FoundFiles> {
  const own = await filesDirectlyIn(io, 'events');
  const files = own.length > 0 ? own : await filesDirectlyIn(io, path.join(io.packageRoot, 'events'));
  if (files.length === 0)
    throw new UsageError('replay: there are no events in events/: name a file or a folder');
  return { files, faults: [] };
}

async function exists(io: Io, file: string): Promise<boolean> {
  try {
    await access(path.resolve(io.cwd, file));
    return true;
  } catch {
    return false;
  }
}
