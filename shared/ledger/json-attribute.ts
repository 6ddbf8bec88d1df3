import { gunzipSync, gzipSync } from 'node:zlib';

import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** In characters. Smaller ones stay readable in the console. */
const LONGEST_PLAIN = 4000;

/**
 * JSON as an attribute, whole. A policy of ten kilobytes can make a report of megabytes: each of its principals gets each of
 * its conditions. What repeats, gzip makes small.
 */
export function jsonAttribute(value: unknown): AttributeValue {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_PLAIN ? { S: text } : { B: gzipSync(text) };
}

/** The value again; null where there is no such attribute. */
export function jsonIn(attribute: AttributeValue | undefined): unknown {
  if (attribute?.B !== undefined) return JSON.parse(gunzipSync(attribute.B).toString());
  return JSON.parse(attribute?.S ?? 'null');
}
