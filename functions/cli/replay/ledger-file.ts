import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import * as z from 'zod/mini';

import { approvalSchema, exemptionSchema, resumeSchema } from '../../../shared/ledger/controls-schema.ts';
import { memoryControls, type MemoryControls } from '../../../shared/ledger/memory-controls.ts';
import { memoryKillSwitch, type MemoryKillSwitch } from '../../../shared/ledger/memory-kill-switch.ts';
import { memoryLedger, type MemoryLedger } from '../../../shared/ledger/memory.ts';
import { memoryRoleStates, type MemoryRoleStates } from '../../../shared/ledger/memory-role-states.ts';
import { driftMarkSchema, roleStateSchema } from '../../../shared/ledger/role-state-schema.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import type { Io } from '../io.ts';
import { decodeText, readBytes, reasonOf } from '../read-input.ts';
import { UsageError } from '../usage-error.ts';

/** All that an installation remembers, in one file. */
export interface LedgerFile {
  readonly ledger: MemoryLedger;
  readonly roleStates: MemoryRoleStates;
  readonly controls: MemoryControls;
  readonly killSwitch: MemoryKillSwitch;
}

/** What the ledger itself reads of an incident; the rest is passed on as it was written. */
const readByLedger = z.object({
  incidentId: z.string(),
  openedAt: z.string(),
  role: z.object({ accountId: z.string(), partition: z.string(), roleName: z.string() }),
  before: z.record(z.string(), z.unknown()),
});
const incidents = z.array(z.custom<Incident>((value) => readByLedger.safeParse(value).success));
const pairs = z.array(z.tuple([z.string(), z.string()]));
const roleStates = z.object({
  states: z.array(roleStateSchema),
  marks: z.array(driftMarkSchema),
  knownSince: pairs,
  spokesmen: pairs,
});
const controls = z.object({
  exemptions: z.array(z.tuple([z.string(), exemptionSchema])),
  approvals: z.array(z.tuple([z.string(), approvalSchema])),
  resumes: z.array(z.tuple([z.string(), resumeSchema])),
});
const killSwitch = z.union([
  z.object({ paused: z.literal(false) }),
  z.object({ paused: z.literal(true), words: z.string() }),
]);
const schema = z.object({ incidents, roleStates, controls, killSwitch });

/** What a file holds; nothing where there is no such file yet, or no file is named. */
export async function readLedger(io: Io, file: string | null): Promise<LedgerFile> {
  if (file === null) return emptyLedger();
  try {
    return ledgerIn(await readBytes(io, file), file);
  } catch (error) {
    if (isMissing(error)) return emptyLedger();
    throw unreadable(file, error);
  }
}

/** What a file holds that must be there: a mistyped name must not become a new ledger that nobody looks at. */
export async function readExistingLedger(io: Io, file: string): Promise<LedgerFile> {
  try {
    return ledgerIn(await readBytes(io, file), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): unknown {
  if (cause instanceof UsageError) return cause;
  const remedy = isMissing(cause) ? '. Name the file that "iam-drift replay --ledger" has written' : '';
  return new UsageError(`${file}: cannot be read: ${reasonOf(cause)}${remedy}`, { cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function ledgerIn(bytes: Uint8Array, file: string): LedgerFile {
  try {
    const saved = z.parse(schema, JSON.parse(decodeText(bytes, file)));
    return {
      ledger: memoryLedger(saved.incidents),
      roleStates: memoryRoleStates(saved.roleStates),
      controls: memoryControls(saved.controls),
      killSwitch: memoryKillSwitch(saved.killSwitch),
    };
  } catch (cause) {
    throw new UsageError(`${file}: is no ledger that an earlier --ledger wrote`, { cause });
  }
}

function emptyLedger(): LedgerFile {
  return {
    ledger: memoryLedger(),
    roleStates: memoryRoleStates(),
    controls: memoryControls(),
    killSwitch: memoryKillSwitch(),
  };
}

/** Writes the whole file; a reader sees the old one or the new one, never a half. */
export async function writeLedger(io: Io, file: string, { ledger, ...rest }: LedgerFile): Promise<void> {
  const target = path.resolve(io.cwd, file);
  const draft = `${target}.${process.pid}.tmp`;
  const saved = {
    incidents: ledger.incidents(),
    roleStates: rest.roleStates.saved(),
    controls: rest.controls.saved(),
    killSwitch: rest.killSwitch.saved(),
  };
  try {
    await writeFile(draft, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, target);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    const why = isMissing(cause) ? 'there is no such folder. Create it, or name' : `${reasonOf(cause)}. Name`;
    throw new UsageError(`${file}: cannot be written: ${why} another file with --ledger FILE`, { cause });
  }
}
