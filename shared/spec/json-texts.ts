import type { Json } from '../model.ts';
import { isList, isObject } from './json-shape.ts';

/** A text somewhere in JSON: a value, or the name of a member. */
export interface JsonText {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly isKey: boolean;
}

/** Every text in a JSON value, in order. */
export function textsIn(json: Json, path: JsonText['path'] = []): readonly JsonText[] {
  if (typeof json === 'string') return [{ path, text: json, isKey: false }];
  if (isList(json)) return json.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const at = [...path, key];
    return [{ path: at, text: key, isKey: true }, ...textsIn(value, at)];
  });
}
