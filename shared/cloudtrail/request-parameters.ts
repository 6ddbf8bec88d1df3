import { UnreadableEventError } from '../errors.ts';
import type { Json, JsonObject } from '../model.ts';
import { isFields } from './fields.ts';

// IAM's own requests are four levels deep at most. The limit keeps whoever walks them later from overflowing the stack.
const deepest = 32;

/**
 * A copy of a call's parameters that is plain JSON without prototypes, so that no name in it can mean anything but itself.
 * Empty where there are none: CloudTrail writes null, and cuts off what is longer than 100 KB.
 *
 * @throws {UnreadableEventError} if nested deeper than any IAM request.
 */
export function requestParametersOf(value: unknown): JsonObject {
  return isFields(value) ? copyObject(value, 1) : {};
}

function copyObject(value: Readonly<Record<string, unknown>>, depth: number): JsonObject {
  const copy: Record<string, Json> = { __proto__: null };
  for (const [name, member] of Object.entries(value)) {
    // No IAM parameter has this name, and a later Object.assign would obey it.
    if (name !== '__proto__') copy[name] = copyJson(member, depth + 1);
  }
  return copy;
}

function copyJson(value: unknown, depth: number): Json {
  if (depth > deepest)
    throw new UnreadableEventError(`requestParameters are nested deeper than ${deepest} levels`);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((item: unknown) => copyJson(item, depth + 1));
  return isFields(value) ? copyObject(value, depth) : null;
}
