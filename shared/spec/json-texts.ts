import type { Json } from '../model.ts';

/** A text somewhere in JSON: a value, or the name of a member. */
export interface JsonText {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly isKey: boolean;
}

/** Every text in a JSON value, in order. */
export function textsIn(json: Json, path: readonly (string | number)[] = []): readonly JsonText[] {
  if (typeof json === 'string') return [{ path, text: json, isKey: false }];
  if (json === null || typeof json !== 'object') return [];
  return Object.entries(json).flatMap(([key, value]: [string, Json]) =>
    Array.isArray(json)
      ? textsIn(value, [...path, Number(key)])
      : [{ path: [...path, key], text: key, isKey: true }, ...textsIn(value, [...path, key])],
  );
}
