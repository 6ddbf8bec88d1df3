import type { Json, JsonObject } from '../model.ts';
import { failedConstraint, invalidParameter } from './refusal.ts';

/**
 * Reads a call's input. Its types are already those of IAM's model (the protocol and the event reader see to that);
 * these give them back to TypeScript.
 */

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

export function optionalText(input: JsonObject, name: string): string | null {
  const value = input[name];
  return typeof value === 'string' ? value : null;
}

export function text(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === null) throw failedConstraint(name, null, 'not be null');
  return value;
}

export function optionalNumber(input: JsonObject, name: string): number | null {
  const value = input[name];
  return typeof value === 'number' ? value : null;
}

export function flag(input: JsonObject, name: string): boolean {
  return input[name] === true;
}

export function texts(input: JsonObject, name: string): readonly string[] {
  const value = input[name];
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function objects(input: JsonObject, name: string): readonly JsonObject[] {
  const value = input[name];
  return isList(value) ? value.filter(isObject) : [];
}

/**
 * A name that is about to be given. Names that are only looked up need no check: one that cannot exist is not found.
 * Source: "Names and unique identifiers", IAM user guide.
 */
export function newName(input: JsonObject, parameter: string, longest: number): string {
  const name = text(input, parameter);
  if (name.length < 1) throw failedConstraint(parameter, name, 'have length greater than or equal to 1');
  if (name.length > longest) {
    throw failedConstraint(parameter, name, `have length less than or equal to ${longest}`);
  }
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw invalidParameter(
      `The specified value for ${parameter.charAt(0).toLowerCase()}${parameter.slice(1)} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return name;
}

/** The path of something new: `/` unless said otherwise. */
export function newPath(input: JsonObject): string {
  const path = optionalText(input, 'Path') ?? '/';
  if (!/^\/(?:[\u0021-\u007e]+\/)?$/.test(path)) {
    throw invalidParameter(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  return path;
}
