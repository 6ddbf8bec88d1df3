import type { IgnoredReason, ParsedEvent } from '../../../shared/cloudtrail/parse-event.ts';
import { parseIamEvent } from '../../../shared/cloudtrail/parse-event.ts';
import { type EventRead, readEvents } from '../../../shared/cloudtrail/read-events.ts';
import { UnreadableEventError } from '../../../shared/errors.ts';
import type { IamChangeEvent } from '../../../shared/model.ts';
import type { Io } from '../io.ts';
import { readBytes, reasonOf } from '../read-input.ts';
import { byTime, oldestFirst } from './in-order.ts';

/** A successful change of IAM, and the record that told it: what the queue would deliver. */
export interface Occurrence {
  readonly event: IamChangeEvent;
  readonly record: unknown;
}

export interface Occurrences {
  /** In the order in which they happened, as far as the input tells: `byTime`. */
  readonly changes: readonly Occurrence[];
  /** Records that are no IAM change, by the reason. */
  readonly ignored: ReadonlyMap<IgnoredReason, number>;
  readonly faults: readonly { readonly place: string; readonly message: string }[];
}

// A file of a million wrong records must not print a million lines.
const mostFaults = 100;

/** Reads files of events. What cannot be read is a fault, and the others go on. */
export async function readOccurrences(io: Io, files: readonly string[]): Promise<Occurrences> {
  const changes: Occurrence[] = [];
  const ignored = new Map<IgnoredReason, number>();
  const faults: { place: string; message: string }[] = [];
  for (const file of files) {
    const name = file === '-' ? 'stdin' : file;
    const read = await readFrom(io, file, name);
    faults.push(...read.faults);
    const found: Occurrence[] = [];
    let unreadable = 0;
    for (const [index, record] of read.records.entries()) {
      const parsed = parse(record);
      if (parsed.kind === 'change') found.push({ event: parsed.event, record });
      else if (parsed.kind === 'ignored') ignored.set(parsed.reason, (ignored.get(parsed.reason) ?? 0) + 1);
      else {
        unreadable += 1;
        if (unreadable <= mostFaults)
          faults.push({ place: placeOf(name, index, read.records.length), message: parsed.message });
      }
    }
    // No spread: there may be more of them than a call can have arguments.
    for (const change of oldestFirst(found)) changes.push(change);
    if (unreadable > mostFaults)
      faults.push({
        place: name,
        message: `and ${unreadable - mostFaults} more records that cannot be read`,
      });
  }
  return { changes: byTime(changes), ignored, faults };
}

async function readFrom(io: Io, file: string, name: string): Promise<EventRead> {
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(io, file);
  } catch (error) {
    return { records: [], faults: [{ place: name, message: `cannot be read: ${reasonOf(error)}` }] };
  }
  return readEvents(bytes, name);
}

function parse(record: unknown): ParsedEvent | { readonly kind: 'unreadable'; readonly message: string } {
  try {
    return parseIamEvent(record);
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { kind: 'unreadable', message: error.message };
  }
}

function placeOf(name: string, index: number, count: number): string {
  return count === 1 ? name : `${name}, record ${index + 1}`;
}
