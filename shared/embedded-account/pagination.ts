import type { JsonObject } from '../model.ts';
import { optionalNumber, optionalText } from './input.ts';
import { failedConstraint, invalidParameter } from './refusal.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  /** To be spread into the output. */
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string };
}

const largestPage = 1000;

function offsetOf(marker: string | null): number {
  if (marker === null) return 0;
  const offset = Number(Buffer.from(marker, 'base64url').toString());
  if (!Number.isSafeInteger(offset) || offset < 1) throw invalidParameter('Invalid Marker.');
  return offset;
}

/** One page of a list, as `Marker` and `MaxItems` (100 unless said) ask for it. */
export function pageOf<Item>(all: readonly Item[], input: JsonObject): Page<Item> {
  const size = optionalNumber(input, 'MaxItems') ?? 100;
  if (size < 1) throw failedConstraint('MaxItems', String(size), 'have value greater than or equal to 1');
  if (size > largestPage) {
    throw failedConstraint('MaxItems', String(size), `have value less than or equal to ${largestPage}`);
  }
  const from = offsetOf(optionalText(input, 'Marker'));
  const to = from + size;
  const rest =
    to < all.length
      ? { IsTruncated: true, Marker: Buffer.from(String(to)).toString('base64url') }
      : { IsTruncated: false };
  return { items: all.slice(from, to), rest };
}
