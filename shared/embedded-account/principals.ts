import type { Json } from '../model.ts';
import { ACCOUNT_ID } from '../policy/account-id.ts';
import { isUniqueId } from '../policy/unique-id.ts';
import { malformed } from './document.ts';
import { isList, isObject } from './input.ts';
import {
  withEntry,
  withoutEntry,
  type AccountState,
  type OperationContext,
  type Principals,
} from './state.ts';

/**
 * Who is named in a trust policy. IAM stores the unique id of a role or user and shows its ARN again while it exists;
 * once it is deleted the id itself shows up, and a new principal of the same name does not heal it.
 * Source: "AWS JSON policy elements: Principal", IAM user guide.
 */

export interface PrincipalArn {
  readonly partition: string;
  readonly service: string;
  readonly accountId: string;
  readonly kind: string;
  readonly path: string;
  readonly name: string;
}

const PRINCIPAL_ARN = new RegExp(
  String.raw`^arn:([^:]+):(iam|sts)::(${ACCOUNT_ID}):([a-z-]+)(\/(?:[^/]+\/)*)?([^/:*?]+)?$`,
);

/** The parts of an IAM or STS ARN; null for any other text. */
export function parsePrincipalArn(arn: string): PrincipalArn | null {
  const match = PRINCIPAL_ARN.exec(arn);
  if (match === null) return null;
  const [, partition = '', service = '', accountId = '', kind = '', path = '', name = ''] = match;
  return { partition, service, accountId, kind, path, name };
}

/** A role or a user: what IAM stores by its unique id. */
export function isEntity(principal: PrincipalArn): boolean {
  return (
    principal.service === 'iam' &&
    (principal.kind === 'role' || principal.kind === 'user') &&
    principal.path !== '' &&
    principal.name !== ''
  );
}

export function addPrincipal(state: AccountState, arn: string, id: string): AccountState {
  const { idOf, arnOf, removed } = state.principals;
  const removedRest = new Set(removed);
  removedRest.delete(arn);
  const oldId = idOf.get(arn);
  const others = oldId === undefined ? arnOf : withoutEntry(arnOf, oldId);
  return {
    ...state,
    principals: { idOf: withEntry(idOf, arn, id), arnOf: withEntry(others, id, arn), removed: removedRest },
  };
}

/** Its id stays behind in the trust policies that name it. */
export function dropPrincipal(state: AccountState, arn: string): AccountState {
  const { idOf, arnOf, removed } = state.principals;
  const id = idOf.get(arn);
  const principals: Principals = {
    idOf: withoutEntry(idOf, arn),
    arnOf: id === undefined ? arnOf : withoutEntry(arnOf, id),
    removed: new Set(removed).add(arn),
  };
  return { ...state, principals };
}

type PrincipalMap = (type: string, value: string) => string;

function mapValues(type: string, values: Json, map: PrincipalMap): Json {
  if (typeof values === 'string') return map(type, values);
  if (!isList(values)) return values;
  return values.map((value) => (typeof value === 'string' ? map(type, value) : value));
}

function mapPrincipal(principal: Json, map: PrincipalMap): Json {
  if (!isObject(principal)) return principal;
  return Object.fromEntries(
    Object.entries(principal).map(([type, values]) => [type, mapValues(type, values, map)]),
  );
}

function mapStatement(statement: Json, map: PrincipalMap): Json {
  if (!isObject(statement)) return statement;
  return Object.fromEntries(
    Object.entries(statement).map(([element, value]) => [
      element,
      element === 'Principal' || element === 'NotPrincipal' ? mapPrincipal(value, map) : value,
    ]),
  );
}

/** The same document with each principal replaced, in the order of the text. Nothing else is touched. */
export function mapPrincipals(document: Json, map: PrincipalMap): Json {
  if (!isObject(document)) return document;
  const mapStatements = (statements: Json): Json =>
    isList(statements)
      ? statements.map((statement) => mapStatement(statement, map))
      : mapStatement(statements, map);
  return Object.fromEntries(
    Object.entries(document).map(([element, value]) => [
      element,
      element === 'Statement' ? mapStatements(value) : value,
    ]),
  );
}

/** Every `AWS` principal that a trust policy names, as written. */
export function namedPrincipals(document: Json): readonly string[] {
  const named: string[] = [];
  mapPrincipals(document, (type, value) => {
    if (type === 'AWS') named.push(value);
    return value;
  });
  return named;
}

type OnInvalid = (principal: string) => string;

const refusePrincipal: OnInvalid = (principal) => {
  throw malformed(`Invalid principal in policy: "AWS":"${principal}"`);
};

/** For what is known to stand in a trust policy already, whatever it is. */
export const keepPrincipal: OnInvalid = (principal) => principal;

/**
 * A submitted trust policy as IAM stores it: account ids as root ARNs, roles and users by unique id.
 * @throws {IamRefusal} for a principal that does not exist, unless `refuse` does otherwise.
 */
export function bindPrincipals(
  state: AccountState,
  document: Json,
  { accountId, partition, newId }: OperationContext,
  refuse: OnInvalid = refusePrincipal,
): { readonly state: AccountState; readonly document: Json } {
  let bound = state;
  const bindEntity = (value: string, principal: PrincipalArn): string => {
    const known = bound.principals.idOf.get(value);
    if (known !== undefined) return known;
    // Another account cannot be looked into: its principals exist, until someone says that they were removed.
    if (principal.accountId === accountId || bound.principals.removed.has(value)) {
      return refuse(value);
    }
    const id = newId(principal.kind === 'role' ? 'AROA' : 'AIDA');
    bound = addPrincipal(bound, value, id);
    return id;
  };
  const bindAws = (value: string): string => {
    if (value === '*') return value;
    if (/^\d{12}$/.test(value)) return `arn:${partition}:iam::${value}:root`;
    if (isUniqueId(value)) return bound.principals.arnOf.has(value) ? value : refuse(value);
    const principal = parsePrincipalArn(value);
    if (principal === null || principal.partition !== partition) return refuse(value);
    if (isEntity(principal)) return bindEntity(value, principal);
    const isAccount = principal.service === 'iam' && principal.kind === 'root' && principal.name === '';
    const isSession = principal.service === 'sts' && principal.name !== '';
    return isAccount || isSession ? value : refuse(value);
  };
  const stored = mapPrincipals(document, (type, value) => (type === 'AWS' ? bindAws(value) : value));
  return { state: bound, document: stored };
}

/** A stored trust policy as IAM shows it now. */
export function showPrincipals(state: AccountState, stored: Json): Json {
  return mapPrincipals(stored, (type, value) =>
    type === 'AWS' ? (state.principals.arnOf.get(value) ?? value) : value,
  );
}
