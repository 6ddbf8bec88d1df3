import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import * as z from 'zod/mini';

import { memoryLedger, type MemoryLedger } from '../../../shared/ledger/memory.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import type { Io } from '../io.ts';
import { decodeText, readBytes, reasonOf } from '../read-input.ts';
import { UsageError } from '../usage-error.ts';

/** What the ledger itself reads of an incident; the rest is passed on as it was written. */
const readByLedger = z.object({
  incidentId: z.string(),
  openedAt: z.string(),
  role: z.object({ accountId: z.string(), partition: z.string(), roleName: z.string() }),
  before: z.record(z.string(), z.unknown()),
});
const schema = z.array(z.custom<Incident>((value) => readByLedger.safeParse(value).success));

/** The ledger that a file holds; an empty one where there is no such file, or no file is named. */
export async function readLedger(io: Io, file: string | null): Promise<MemoryLedger> {
  if (file === null) return memoryLedger();
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(io, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return memoryLedger();
    throw new UsageError(`${file}: cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  try {
    return memoryLedger(z.parse(schema, JSON.parse(decodeText(bytes, file))));
  } catch (cause) {
    throw new UsageError(`${file}: is no ledger that an earlier --ledger wrote`, { cause });
  }
}

/** Writes the whole ledger; a reader sees the old one or the new one, never a half. */
export async function writeLedger(io: Io, file: string, ledger: MemoryLedger): Promise<void> {
  const target = path.resolve(io.cwd, file);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(ledger.incidents(), null, 2)}\n`, { mode: 0o600 });
    await rename(draft, target);
  } catch (cause) {
    throw new UsageError(`${file}: cannot be written: ${reasonOf(cause)}`, { cause });
  }
}
