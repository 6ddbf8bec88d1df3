import { gunzipSync } from 'node:zlib';

import { field, isFields } from './fields.ts';
import { type JsonText, readJsonText } from './json-text.ts';

export interface EventFault {
  /** The file's name as given, with line or element where known. May hold any character: escape it when showing it. */
  readonly place: string;
  readonly message: string;
}

/** What a file holds: records for `parseIamEvent`, in the file's order, and what of it could not be read. */
export interface EventRead {
  readonly records: readonly unknown[];
  readonly faults: readonly EventFault[];
}

const mebibyte = 2 ** 20;
const largest = 256 * mebibyte;
// A broken file of a million lines must not print a million messages.
const mostFaults = 100;
// Kept in memory all at once. An account makes some ten thousand IAM calls a day.
const mostRecords = 2_000_000;

/**
 * Reads events in any form in which people have them: an EventBridge delivery, a CloudTrail record, an array of either, a log file
 * (`{"Records": […]}`), the output of `aws cloudtrail lookup-events`, one JSON value a line; plain or gzip, told by the content
 * and not by the name. Never throws: what cannot be read is a fault, and the rest is read. At most 256 MiB, decompressed,
 * and two million records.
 */
export function readEvents(bytes: Uint8Array, name: string): EventRead {
  const records: unknown[] = [];
  const faults: EventFault[] = [];
  let left = 0;
  let surplus = 0;
  const sink: Sink = {
    record: (value) => {
      if (records.length < mostRecords) records.push(value);
      else surplus += 1;
    },
    fault: (place, message) => {
      if (faults.length < mostFaults) faults.push({ place, message });
      else left += 1;
    },
  };
  const plain = decompress(bytes);
  if (typeof plain === 'string') sink.fault(name, plain);
  else readText(decode(plain), name, sink);
  if (surplus > 0)
    faults.push({
      place: name,
      message: `and ${surplus} more records than the ${mostRecords} that are read; split it`,
    });
  if (left > 0) faults.push({ place: name, message: `and ${left} more faults` });
  return { records, faults };
}

interface Sink {
  readonly record: (value: unknown) => void;
  readonly fault: (place: string, message: string) => void;
}

/** The bytes, or what is wrong with them. */
function decompress(bytes: Uint8Array): Uint8Array | string {
  const tooLarge = `larger than ${largest / mebibyte} MiB; split it`;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.length > largest ? tooLarge : bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largest });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') return `decompressed ${tooLarge}`;
    return code === 'Z_BUF_ERROR' ? 'gzip data ends too early; fetch the file again' : 'broken gzip data';
  }
}

function decode(bytes: Uint8Array): string {
  // Windows PowerShell writes UTF-16 where output is redirected to a file.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function readText(text: string, name: string, sink: Sink): void {
  if (text.trim() === '') {
    sink.fault(name, 'empty');
    return;
  }
  const whole = readJsonText(text);
  if (whole.problem === undefined) readValue(whole.value, name, sink);
  else if (!readLines(text, name, sink)) {
    sink.fault(name, `${whole.problem}; expected JSON, or one JSON value a line`);
  }
}

/** false where no line is a JSON object of its own: then the text was not meant as lines, and nothing has been read. */
function readLines(text: string, name: string, sink: Sink): boolean {
  if (!hasObjectLine(text)) return false;
  for (const line of linesOf(text)) {
    const json = readLine(line.text);
    const place = `${name}:${line.number}`;
    if (json.problem === undefined) readValue(json.value, place, sink);
    else sink.fault(place, json.problem);
  }
  return true;
}

function hasObjectLine(text: string): boolean {
  for (const line of linesOf(text)) {
    const json = readLine(line.text);
    // A broken document printed over many lines has lines such as `[]` and `{}`, but none that is a record.
    if (json.problem === undefined && isFields(json.value) && Object.keys(json.value).length > 0) return true;
  }
  return false;
}

/** Lines that are not blank, numbered from 1. One at a time: an array of a quarter of a billion lines would not fit in memory. */
function* linesOf(text: string): Generator<{ readonly text: string; readonly number: number }> {
  let start = 0;
  for (let number = 1; start < text.length; number += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (line !== '') yield { text: line, number };
    start = end + 1;
  }
}

/** Says no at a glance where it can: a million exceptions take seconds. */
function readLine(line: string): JsonText {
  return line.startsWith('{') || line.startsWith('[') ? readJsonText(line) : { problem: 'no JSON object' };
}

function readValue(value: unknown, place: string, sink: Sink): void {
  if (Array.isArray(value)) {
    for (const item of value) readItem(item, place, sink);
  } else if (isFields(value)) readItem(value, place, sink);
  else sink.fault(place, 'holds a bare value, no event');
}

/** A record, or a whole file among others: `jq -s` and the like put files into one array. */
function readItem(value: unknown, place: string, sink: Sink): void {
  const records = field(value, 'Records');
  const looked = field(value, 'Events');
  if (Array.isArray(records)) records.forEach(sink.record);
  else if (Array.isArray(looked)) {
    looked.forEach((event: unknown, index) => readLookedUp(event, `${place} Events[${index}]`, sink));
  } else sink.record(value);
}

/** `lookup-events` returns each record as JSON text within its answer. */
function readLookedUp(event: unknown, place: string, sink: Sink): void {
  const text = field(event, 'CloudTrailEvent');
  const record = typeof text === 'string' ? readJsonText(text) : { problem: 'has no CloudTrailEvent' };
  if (record.problem === undefined) sink.record(record.value);
  else sink.fault(place, record.problem);
}
