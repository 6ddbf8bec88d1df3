import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive. `name` has forward slashes and no leading one. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

// Field values of the ZIP format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
const LOCAL_FILE = 0x04034b50;
const CENTRAL_FILE = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
const NAMES_ARE_UTF8 = 1 << 11;
const DEFLATED = 8;
// 1 January 1980, midnight: the same files give the same bytes.
const NO_TIME = 0;
const FIRST_DATE = (1 << 5) | 1;
// Lambda must be able to read what it unpacks.
const REGULAR_FILE_FOR_ALL_TO_READ = 0o100644;

/**
 * A ZIP archive, deterministic, in the order of the entries. For a few files of a few megabytes: no ZIP64.
 * Written here because the system's `zip` is not everywhere, and a dependency is more to trust than sixty lines.
 */
export function zipArchive(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const nameBytes = Buffer.from(name);
    const packed = deflateRawSync(content, { level: 9 });
    const common = commonFields(content, packed, nameBytes);
    const local = Buffer.concat([uint32(LOCAL_FILE), common, uint16(0), nameBytes, packed]);
    locals.push(local);
    centrals.push(
      Buffer.concat([
        uint32(CENTRAL_FILE),
        uint16(MADE_BY_UNIX),
        common,
        // No extra field, comment, further disk or text flag.
        uint16(0, 0, 0, 0),
        uint32(REGULAR_FILE_FOR_ALL_TO_READ << 16, offset),
        nameBytes,
      ]),
    );
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.concat([
    uint32(END_OF_CENTRAL),
    uint16(0, 0, entries.length, entries.length),
    uint32(central.length, offset),
    uint16(0),
  ]);
  return Buffer.concat([...locals, central, end]);
}

function commonFields(content: Buffer, packed: Buffer, name: Buffer): Buffer {
  return Buffer.concat([
    uint16(VERSION_NEEDED, NAMES_ARE_UTF8, DEFLATED, NO_TIME, FIRST_DATE),
    uint32(crc32(content), packed.length, content.length),
    uint16(name.length),
  ]);
}

function uint16(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt16LE(value, 2 * index);
  return buffer;
}

function uint32(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value >>> 0, 4 * index);
  return buffer;
}
