import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type EventRead, readEvents } from '../../shared/cloudtrail/read-events.ts';

const read = (text: string): EventRead => readEvents(new TextEncoder().encode(text), 'log');
const records = (text: string) => {
  const result = read(text);
  expect(result.faults).toEqual([]);
  return result.records;
};
const [a, b] = [{ eventName: 'CreateRole' }, { eventName: 'DeleteRole' }];
const json = (value: unknown) => JSON.stringify(value);
const messageOf = (bytes: Uint8Array) => readEvents(bytes, 'log.gz').faults[0]?.message;

describe('readEvents: forms', () => {
  it('reads a single event, pretty-printed or not', () => {
    expect(records(json(a))).toEqual([a]);
    expect(records(JSON.stringify(a, null, 2))).toEqual([a]);
  });

  it('reads an array and a log file, in their order', () => {
    expect(records(json([b, a]))).toEqual([b, a]);
    expect(records(json({ Records: [b, a] }))).toEqual([b, a]);
    expect(records(json({ Records: [] }))).toEqual([]);
    expect(records(json([{ Records: [a] }, b, { Records: [a] }]))).toEqual([a, b, a]);
  });

  it('reads the output of lookup-events', () => {
    expect(records(json({ Events: [{ EventId: '1', CloudTrailEvent: json(a) }] }))).toEqual([a]);
  });

  it('reads one JSON value a line, whatever the line ends', () => {
    expect(records(`${json(a)}\n${json(b)}`)).toEqual([a, b]);
    expect(records(`\r\n${json(a)}\r\n\r\n${json({ Records: [b] })}\r\n`)).toEqual([a, b]);
  });

  it('reads gzip, told by the content', () => {
    expect(readEvents(gzipSync(json({ Records: [a] })), 'log.json')).toEqual({ records: [a], faults: [] });
  });

  it('reads past a byte order mark, and UTF-16 as PowerShell writes it', () => {
    expect(records(`\uFEFF${json(a)}`)).toEqual([a]);
    expect(readEvents(Buffer.from(`\uFEFF${json(a)}`, 'utf16le'), 'log').records).toEqual([a]);
  });

  it('reads lines of 10 MB', () => {
    const long = { ...a, userAgent: 'x'.repeat(10_000_000) };
    expect(read(`${json(long)}\n${json(b)}\n`).records).toHaveLength(2);
  });
});

describe('readEvents: faults', () => {
  it('names a bad line and goes on with the others', () => {
    expect(read(`${json(a)}\n\n{"eventName":\n42\n${json(b)}\n`)).toEqual({
      records: [a, b],
      faults: [
        { place: 'log:3', message: 'not JSON' },
        { place: 'log:4', message: 'no JSON object' },
      ],
    });
  });

  it('tells one fault of a broken document, not one a line', () => {
    const broken = JSON.stringify({ Records: [{ ...a, resources: [], tags: {} }] }, null, 1).slice(0, -3);
    const { records: found, faults } = read(broken);
    expect(found).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toMatch(/^not JSON.*; expected JSON, or one JSON value a line$/u);
  });

  it('says where the JSON breaks, as far as the engine tells', () => {
    expect(read('{\n "a": 1,\n}').faults[0]?.message).toContain('from line 3, column 1 on');
  });

  it('never quotes the text in a message', () => {
    expect(json(read('\u001B[31m<!channel> {').faults)).not.toMatch(/channel|\\u001b/u);
  });

  it('names the entry of lookup-events that cannot be read', () => {
    const looked = { Events: [{ CloudTrailEvent: '{' }, { EventId: '2' }, { CloudTrailEvent: json(a) }] };
    const { records: found, faults } = read(json(looked));
    expect(found).toEqual([a]);
    expect(faults.map(({ place }) => place)).toEqual(['log Events[0]', 'log Events[1]']);
  });

  it.each([
    ['', 'empty'],
    [' \n\uFEFF', 'empty'],
    ['42', 'holds a bare value, no event'],
    ['null', 'holds a bare value, no event'],
  ])('tells %j from a file without events', (text, message) => {
    expect(read(text)).toEqual({ records: [], faults: [{ place: 'log', message }] });
  });

  it('refuses deep nesting without overflowing the stack', () => {
    const deep = '['.repeat(3_000_000);
    expect(read(deep).faults[0]?.message).toContain('nested deeper than 128 levels');
    expect(read(`${json(a)}\n{"a":${deep}\n`)).toEqual({
      records: [a],
      faults: [{ place: 'log:2', message: 'nested deeper than 128 levels' }],
    });
  });

  it('takes neither brackets within texts nor many records for deep nesting', () => {
    expect(records(json({ ...a, userAgent: `"\\${'['.repeat(1000)}` }))).toHaveLength(1);
    expect(records(json({ Records: Array.from({ length: 1000 }, () => a) }))).toHaveLength(1000);
  });

  it('tells broken gzip data', () => {
    const whole = gzipSync(json(a));
    expect(messageOf(whole.subarray(0, -9))).toBe('gzip data ends too early; fetch the file again');
    expect(messageOf(Uint8Array.of(0x1f, 0x8b, 1, 2, 3))).toBe('broken gzip data');
  });

  it('refuses what unpacks to more than 256 MiB', () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 28 + 1), { level: 1 });
    expect(readEvents(bomb, 'bomb.gz')).toEqual({
      records: [],
      faults: [{ place: 'bomb.gz', message: 'decompressed larger than 256 MiB; split it' }],
    });
  });

  it('tells at most a hundred faults of one file, and how many more', () => {
    const { faults } = read(`${json(a)}\n${'x\n'.repeat(250)}`);
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toEqual({ place: 'log', message: 'and 150 more faults' });
  });

  it('never throws, and finds something or says why not', () => {
    const somewhatJson = fc.array(
      fc.oneof(fc.json(), fc.constantFrom('{', '}', '[', '"', '\\', '\0', '\n', '\uFEFF'), fc.string()),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((rest) => Uint8Array.of(0x1f, 0x8b, ...rest)),
      somewhatJson.map((parts) => new TextEncoder().encode(parts.join('\n'))),
      somewhatJson.map((parts) => gzipSync(parts.join(''))),
    );
    const isAnswered = fc.property(bytes, (input) => {
      const { records: found, faults } = readEvents(input, 'log');
      const mayHoldAnEmptyList = /[[]|[^ -~]/u.test(new TextDecoder().decode(input));
      return found.length > 0 || faults.length > 0 || mayHoldAnEmptyList;
    });
    expect(fc.check(isAnswered, { numRuns: 1000 })).toMatchObject({ failed: false });
  });
});
