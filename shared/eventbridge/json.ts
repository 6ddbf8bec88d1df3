import type { Json, JsonObject } from '../model.ts';

/** Narrows to a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Narrows to a JSON array, which `Array.isArray` would call `any[]`. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
