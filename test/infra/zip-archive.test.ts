import { inflateRawSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { zipArchive } from '../../scripts/zip-archive.ts';

const entries = [
  { name: 'index.mjs', content: Buffer.from('export const handler = 1;\n'.repeat(100)) },
  { name: 'spec.json', content: Buffer.from('{"name":"é"}') },
  { name: 'empty', content: Buffer.alloc(0) },
];

describe('zipArchive', () => {
  it('can be read back from its central directory', () => {
    const zip = zipArchive(entries);
    const end = zip.length - 22;
    expect(zip.readUInt32LE(end)).toBe(0x06054b50);
    expect(zip.readUInt16LE(end + 10)).toBe(entries.length);
    let at = zip.readUInt32LE(end + 16);
    for (const { name, content } of entries) {
      const [packed, whole, nameLength] = [
        zip.readUInt32LE(at + 20),
        zip.readUInt32LE(at + 24),
        zip.readUInt16LE(at + 28),
      ];
      const local = zip.readUInt32LE(at + 42);
      expect(zip.toString('utf8', at + 46, at + 46 + nameLength)).toBe(name);
      expect(zip.readUInt32LE(at + 38) >>> 16).toBe(0o100644);
      expect(whole).toBe(content.length);
      const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      expect(inflateRawSync(zip.subarray(data, data + packed))).toEqual(content);
      at += 46 + nameLength;
    }
    expect(at).toBe(end);
  });

  it('gives the same bytes for the same files', () => {
    expect(zipArchive(entries)).toEqual(zipArchive(entries));
  });
});
