import { type Json, type JsonObject } from '../model.ts';
import { isList } from './parse.ts';

/** One reason for which IAM refuses a document. */
export interface PolicyFault {
  /** From the document to the place. */
  readonly path: readonly (string | number)[];
  /** What is wrong, for people. */
  readonly message: string;
  /** IAM's error code and text for it; null where IAM would take it and we do not. */
  readonly iamCode: string | null;
  readonly iamMessage: string | null;
  readonly remedy: string;
}

export type Path = readonly (string | number)[];

export function refused(path: Path, message: string, iamMessage: string, remedy: string): PolicyFault {
  return { path, message, iamCode: 'MalformedPolicyDocument', iamMessage, remedy };
}

export function at(path: Path, ...names: readonly (string | number)[]): Path {
  return [...path, ...names];
}

export function isPresent(object: JsonObject, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== null;
}

/** A list or a single value, with the path from its parent to each item. */
export function listed(value: Json, path: Path): { item: Json; path: Path }[] {
  if (!isList(value)) return [{ item: value, path }];
  return value.map((item, index) => ({ item, path: at(path, index) }));
}
