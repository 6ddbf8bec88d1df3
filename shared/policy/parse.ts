import { MalformedPolicyError } from '../errors.ts';
import type { Json, JsonObject } from '../model.ts';
import { readJson } from './json.ts';

/** `trust`: who may assume a role. `identity`: what its holder may do (managed and inline policies). */
export type PolicyKind = 'trust' | 'identity';

/** Where a policy lives: what its words mean depends on it. */
export interface PolicyContext {
  readonly kind: PolicyKind;
  /**
   * The role's partition, in which a bare account id is meant. Left out, the one that the documents' own ARNs name
   * (a principal of another partition cannot exist), else `aws`.
   */
  readonly partition?: string;
  readonly accountId?: string;
}

/** A condition: `values` are alternatives, several conditions must all hold. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** null where the element is absent. Principals are written `TYPE:value`, such as `Service:ec2.amazonaws.com`. */
export interface Statement {
  readonly sid: string;
  readonly effect: string | null;
  readonly principal: readonly string[] | null;
  readonly notPrincipal: readonly string[] | null;
  readonly action: readonly string[] | null;
  readonly notAction: readonly string[] | null;
  readonly resource: readonly string[] | null;
  readonly notResource: readonly string[] | null;
  readonly conditions: readonly Condition[];
}

/** A policy document as it was written: shapes unified, nothing else changed. */
export interface PolicyDocument {
  readonly kind: PolicyKind;
  readonly version: string | null;
  readonly id: string | null;
  readonly statements: readonly Statement[];
}

/** Elements of a document and of a statement, and the types of a principal (IAM user guide, policy grammar). */
export const documentElements: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement']);
export const statementElements: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);
export const principalTypes: ReadonlySet<string> = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

/**
 * The JSON document in a text: plain, or percent-encoded once as IAM returns it (RFC 3986, never form-encoded:
 * "+" is a plus sign, which role names may hold).
 * @throws {MalformedPolicyError} for anything that is not exactly one JSON object
 */
export function parsePolicyText(text: string): Json {
  const plain = /^[ \t\n\r]*%/.test(text) ? percentDecoded(text) : text;
  if (!/^[ \t\n\r]*\{/.test(plain)) {
    throw new MalformedPolicyError('not a policy document: it does not begin with "{"', '');
  }
  return readJson(plain);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new MalformedPolicyError('not a policy document: its percent-encoding is broken', '', {
      cause: error,
    });
  }
}

/**
 * A document, or the text of one, in one shape. It refuses what has no certain meaning: unknown or duplicate members,
 * empty lists, wrong types, bare principals other than "*". It does not ask whether IAM would take it: `policyFaults` does.
 * A member that is null counts as absent.
 * @throws {MalformedPolicyError}
 */
export function parsePolicy(input: string | Json, kind: PolicyKind): PolicyDocument {
  const document = asObject(typeof input === 'string' ? parsePolicyText(input) : input, '');
  refuseUnknown(document, documentElements, '');
  return {
    kind,
    version: optionalText(document, 'Version', ''),
    id: optionalText(document, 'Id', ''),
    statements: statementsOf(document),
  };
}

function statementsOf(document: JsonObject): Statement[] {
  const given = member(document, 'Statement');
  if (given === null) return [];
  if (!isList(given)) return [parseStatement(given, 'Statement')];
  if (given.length === 0) throw new MalformedPolicyError('is an empty list', 'Statement');
  return given.map((statement, index) => parseStatement(statement, `Statement[${index}]`));
}

function parseStatement(json: Json, place: string): Statement {
  const statement = asObject(json, place);
  refuseUnknown(statement, statementElements, place);
  return {
    sid: optionalText(statement, 'Sid', place) ?? '',
    effect: optionalText(statement, 'Effect', place),
    principal: principals(statement, 'Principal', place),
    notPrincipal: principals(statement, 'NotPrincipal', place),
    action: texts(statement, 'Action', place),
    notAction: texts(statement, 'NotAction', place),
    resource: texts(statement, 'Resource', place),
    notResource: texts(statement, 'NotResource', place),
    conditions: conditions(statement, place),
  };
}

function principals(statement: JsonObject, name: string, parent: string): string[] | null {
  const place = `${parent}.${name}`;
  const given = member(statement, name);
  if (given === null) return null;
  // The two spellings of "everybody" mean the same (IAM user guide, AWS JSON policy elements: Principal).
  if (given === '*') return ['AWS:*'];
  if (typeof given === 'string') {
    throw new MalformedPolicyError(
      `the bare principal ${JSON.stringify(given)} has no type; write {"AWS": ${JSON.stringify(given)}}`,
      place,
    );
  }
  const byType = asObject(given, place);
  refuseUnknown(byType, principalTypes, place);
  const all = Object.keys(byType).flatMap((type) =>
    (texts(byType, type, place) ?? []).map((value) => `${type}:${value}`),
  );
  if (all.length === 0) throw new MalformedPolicyError('names no principal', place);
  return all;
}

function conditions(statement: JsonObject, parent: string): Condition[] {
  const given = member(statement, 'Condition');
  if (given === null) return [];
  const place = `${parent}.Condition`;
  return Object.entries(asObject(given, place)).flatMap(([operator, keys]) =>
    Object.entries(asObject(keys, `${place}.${operator}`)).map(([key, values]) => ({
      operator,
      key,
      values: conditionValues(values, `${place}.${operator}.${key}`),
    })),
  );
}

/** Quotes around numbers and Booleans are optional here (IAM JSON policy grammar). An empty list matches nothing, ever. */
function conditionValues(given: Json, place: string): string[] {
  return (isList(given) ? given : [given]).map((value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number' && (!Number.isInteger(value) || Number.isSafeInteger(value)))
      return String(value);
    throw new MalformedPolicyError('must hold text, numbers that fit, or Booleans', place);
  });
}

function texts(object: JsonObject, name: string, parent: string): string[] | null {
  const given = member(object, name);
  if (given === null) return null;
  const place = parent === '' ? name : `${parent}.${name}`;
  const list = isList(given) ? given : [given];
  if (list.length === 0) throw new MalformedPolicyError('is an empty list', place);
  return list.map((value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') {
      throw new MalformedPolicyError(`${value} is a number; account ids are text, write it in quotes`, place);
    }
    throw new MalformedPolicyError('must be text, or a list of texts', place);
  });
}

function optionalText(object: JsonObject, name: string, parent: string): string | null {
  const given = member(object, name);
  if (given === null || typeof given === 'string') return given;
  throw new MalformedPolicyError('must be text', parent === '' ? name : `${parent}.${name}`);
}

function refuseUnknown(object: JsonObject, known: ReadonlySet<string>, place: string): void {
  const unknown = Object.keys(object).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new MalformedPolicyError(
    `unknown member ${JSON.stringify(unknown)}; known are ${[...known].join(', ')}`,
    place,
  );
}

function asObject(json: Json, place: string): JsonObject {
  if (isObject(json)) return json;
  throw new MalformedPolicyError(
    place === '' ? 'a policy document must be an object' : 'must be an object',
    place,
  );
}

function member(object: JsonObject, name: string): Json {
  return Object.hasOwn(object, name) ? (object[name] ?? null) : null;
}

/** Array.isArray does not narrow a read-only list. */
export function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

export function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !isList(json);
}
