import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { errorInWords } from './error-in-words.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const reasons = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of its path is no folder'],
  ['EACCES', 'you lack the permission'],
  ['EPERM', 'you lack the permission'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EADDRINUSE', 'another program uses it'],
]);

/** The bytes of a file, or of stdin for `-`. Rejects with what the file system answers; `reasonOf` says it in words. */
export async function readBytes(io: Io, name: string): Promise<Uint8Array> {
  return name === '-' ? io.stdin() : readFile(path.resolve(io.cwd, name));
}

/** As `readBytes`. @throws {UsageError} in words, where it cannot be read. */
export async function readInput(io: Io, name: string): Promise<Uint8Array> {
  try {
    return await readBytes(io, name);
  } catch (cause) {
    throw new UsageError(`${name}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** UTF-8 bytes as text. @throws {UsageError} where they are none: a wrong byte must not become a wrong verdict. */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    // What PowerShell's ">" writes.
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const remedy = isUtf16 ? ', but UTF-16, it seems. Save it as UTF-8' : '';
    throw new UsageError(`${name === '-' ? 'stdin' : name}: is no UTF-8 text${remedy}`, { cause });
  }
}

/** Why a file could not be read or written, or a port be used, in words. */
export function reasonOf(error: unknown): string {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return (hasCode ? reasons.get(String(error.code)) : undefined) ?? errorInWords(error);
}

/** A file of JSON. @throws {UsageError} where it cannot be read or is no JSON. */
export async function readJsonFile(io: Io, name: string): Promise<unknown> {
  const text = decodeText(await readInput(io, name), name);
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new UsageError(`${name}: is no JSON: ${reasonOf(cause)}`, { cause });
  }
}
