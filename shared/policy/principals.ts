import type { Json, JsonObject } from '../model.ts';
import { isList, isObject } from './parse.ts';

/** Every `AWS` principal that a trust policy names, as written. */
export function awsPrincipals(document: Json): readonly string[] {
  const named: string[] = [];
  mapAwsPrincipals(document, (value) => {
    named.push(value);
    return value;
  });
  return named;
}

/** The trust policy with `AWS` principals written anew. Conditions are left alone: IAM keeps no ids there. */
export function mapAwsPrincipals(document: Json, rewrite: (value: string) => string): Json {
  if (!isObject(document) || !Object.hasOwn(document, 'Statement')) return document;
  return {
    ...document,
    Statement: each(document['Statement'] ?? null, (statement) => rewritten(statement, rewrite)),
  };
}

function rewritten(statement: Json, rewrite: (value: string) => string): Json {
  const principal = isObject(statement) ? statement['Principal'] : undefined;
  if (!isObject(statement) || principal === undefined || !isObject(principal)) return statement;
  const aws = principal['AWS'];
  if (aws === undefined) return statement;
  const names: JsonObject = {
    ...principal,
    AWS: each(aws, (value) => (typeof value === 'string' ? rewrite(value) : value)),
  };
  return { ...statement, Principal: names };
}

function each(value: Json, change: (item: Json) => Json): Json {
  return isList(value) ? value.map(change) : change(value);
}
