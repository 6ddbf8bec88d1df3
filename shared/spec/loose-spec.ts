import type { Json, JsonObject, Mode } from '../model.ts';
import { isList, isObject } from './json-shape.ts';

/** `mode` and `modes` at one level of the file. */
export interface Modes {
  readonly mode: Mode | null;
  readonly modes: ReadonlyMap<string, Mode>;
}

/** What may stand in `defaults` and in a role. */
export interface Settings extends Modes {
  readonly deployers: readonly string[] | null;
  readonly graceMinutes: number | null;
  readonly whenDeleted: 'report' | 'recreate' | null;
  readonly recreateAfterMinutes: number | null;
}

/** An entry of `roles`. */
export interface RoleEntry extends Settings {
  readonly name: string | null;
  readonly path: string;
  readonly raw: Json;
  /** Of `raw`; none if it is no mapping. */
  readonly members: JsonObject;
}

/**
 * As much of a spec as can be read. What is wrong with its frame is told elsewhere; the rest is to be checked all the
 * same, so that all faults are told at once.
 */
export function looseSpec(data: Json): { readonly defaults: Settings; readonly roles: readonly RoleEntry[] } {
  const { defaults, roles } = asObject(data);
  return { defaults: settingsIn(asObject(defaults)), roles: isList(roles) ? roles.map(roleEntry) : [] };
}

function roleEntry(raw: Json): RoleEntry {
  const members = asObject(raw);
  const { name, path } = members;
  return {
    ...settingsIn(members),
    name: typeof name === 'string' ? name : null,
    path: typeof path === 'string' ? path : '/',
    raw,
    members,
  };
}

function settingsIn(members: JsonObject): Settings {
  const { deployers, graceMinutes, whenDeleted, recreateAfterMinutes } = members;
  return {
    ...modesIn(members),
    deployers: isList(deployers) ? deployers.filter((arn) => typeof arn === 'string') : null,
    graceMinutes: typeof graceMinutes === 'number' ? graceMinutes : null,
    whenDeleted: whenDeleted === 'report' || whenDeleted === 'recreate' ? whenDeleted : null,
    recreateAfterMinutes: typeof recreateAfterMinutes === 'number' ? recreateAfterMinutes : null,
  };
}

function modesIn({ mode, modes }: JsonObject): Modes {
  const perAspect = Object.entries(asObject(modes)).flatMap(([aspect, value]): [string, Mode][] => {
    const known = asMode(value);
    return known === null ? [] : [[aspect, known]];
  });
  return { mode: asMode(mode), modes: new Map(perAspect) };
}

function asMode(json: Json | undefined): Mode | null {
  return json === 'enforce' || json === 'detect' ? json : null;
}

function asObject(json: Json | undefined): JsonObject {
  return isObject(json) ? json : {};
}
