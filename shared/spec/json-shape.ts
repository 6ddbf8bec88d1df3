import type { Json, JsonObject } from '../model.ts';

// Array.isArray does not narrow readonly arrays.
export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
