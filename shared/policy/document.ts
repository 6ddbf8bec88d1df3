import type { Json, JsonObject } from '../model.ts';
import { isList, isObject, type PolicyKind } from './parse.ts';

const documentOrder = ['Version', 'Id', 'Statement'];
const statementOrder = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
];

/** The kind of a document, told by whether any statement names a principal. */
export function kindOf(document: Json): PolicyKind {
  const named = statements(document).some(
    (statement) => Object.hasOwn(statement, 'Principal') || Object.hasOwn(statement, 'NotPrincipal'),
  );
  return named ? 'trust' : 'identity';
}

/** Whether a document only takes access away: at least one statement, and all are Deny. Somebody's containment. */
export function isDenyOnly(document: Json): boolean {
  const all = statements(document);
  return all.length > 0 && all.every((statement) => statement['Effect'] === 'Deny');
}

/**
 * The trust policy without one principal, for when IAM refuses the whole document because that principal is gone.
 * A statement that named no other is dropped; if none remains, everybody is denied: never is anything widened.
 * `value` is as written in the document, or the root ARN or the id of the same account; `type` in any case, since IAM's
 * message says "SERVICE" for `Service`.
 */
export function withoutPrincipal(document: Json, type: string, value: string): Json {
  if (!isObject(document)) return document;
  const remaining = statements(document).flatMap((statement) => without(statement, type, value));
  return { ...document, Statement: remaining.length > 0 ? remaining : [denyEverybody] };
}

const denyEverybody: JsonObject = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };

function without(statement: JsonObject, type: string, value: string): JsonObject[] {
  const principal = statement['Principal'];
  if (principal === undefined || !isObject(principal)) return [statement];
  const written = Object.keys(principal).find((key) => key.toLowerCase() === type.toLowerCase());
  if (written === undefined) return [statement];
  const named = principal[written] ?? null;
  const before = isList(named) ? named : [named];
  const after = before.filter((item) => !isSamePrincipal(item, value));
  if (after.length === before.length) return [statement];
  const others = Object.entries(principal).filter(([key]) => key !== written);
  if (after.length > 0) others.push([written, after]);
  return others.length === 0 ? [] : [{ ...statement, Principal: Object.fromEntries(others) }];
}

function isSamePrincipal(item: Json, value: string): boolean {
  if (item === value) return true;
  return typeof item === 'string' && accountOf(item) !== null && accountOf(item) === accountOf(value);
}

function accountOf(value: string): string | null {
  return /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1] ?? null;
}

/**
 * The document as text for IAM, which does not count or keep white space. `Version` stands first: IAM has refused others
 * ("The policy failed legacy parsing"). "Everybody" as a principal is written {"AWS": "*"}: trust policies take no bare "*".
 */
export function formatPolicy(document: Json): string {
  if (!isObject(document)) return JSON.stringify(document);
  const given = document['Statement'];
  if (given === undefined) return JSON.stringify(ordered(document, documentOrder));
  const formatted = isList(given) ? given.map(formatStatement) : formatStatement(given);
  return JSON.stringify(ordered({ ...document, Statement: formatted }, documentOrder));
}

function formatStatement(statement: Json): Json {
  if (!isObject(statement)) return statement;
  const everybody = statement['Principal'] === '*' ? { Principal: { AWS: '*' } } : {};
  return ordered({ ...statement, ...everybody }, statementOrder);
}

function ordered(object: JsonObject, order: readonly string[]): JsonObject {
  const first = order.filter((name) => Object.hasOwn(object, name));
  const rest = Object.keys(object).filter((name) => !order.includes(name));
  return Object.fromEntries([...first, ...rest].map((name) => [name, object[name] ?? null]));
}

function statements(document: Json): JsonObject[] {
  const given = isObject(document) ? (document['Statement'] ?? null) : null;
  return (isList(given) ? given : [given]).filter(isObject);
}
