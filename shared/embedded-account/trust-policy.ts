import type { Json } from '../model.ts';
import { acceptDocument, countedLength, encodeDocument } from './document.ts';
import { isList, isObject } from './input.ts';
import { bindPrincipals, showPrincipals } from './principals.ts';
import { IamRefusal } from './refusal.ts';
import type { AccountState, OperationContext, RoleRecord } from './state.ts';

function quotedValue(value: Json): Json {
  if (isList(value)) return value.map(quotedValue);
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
}

const mapObject = (json: Json, map: (value: Json) => Json): Json =>
  isObject(json) ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, map(value)])) : json;

function quoteStatement(statement: Json): Json {
  if (!isObject(statement) || statement['Condition'] === undefined) return statement;
  const quoted = mapObject(statement['Condition'], (keys) => mapObject(keys, quotedValue));
  return { ...statement, Condition: quoted };
}

/** Condition values may be put as `true` or `3600`; IAM gives them back as text. */
function quoteConditions(document: Json): Json {
  if (!isObject(document)) return document;
  const statements = document['Statement'] ?? null;
  return {
    ...document,
    Statement: isList(statements) ? statements.map(quoteStatement) : quoteStatement(statements),
  };
}

/** What IAM stores for a submitted trust policy. @throws {IamRefusal} for what IAM would not take. */
export function acceptTrustPolicy(
  state: AccountState,
  text: string,
  context: OperationContext,
): { readonly state: AccountState; readonly document: Json } {
  const document = acceptDocument(text, 'trust');
  const limit = context.quotas.ACLSizePerRole;
  if (countedLength(text) > limit) {
    throw new IamRefusal('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${limit}`);
  }
  return bindPrincipals(state, quoteConditions(document), context);
}

/** The trust policy as IAM shows it, decoded. */
export function shownTrustPolicy(state: AccountState, role: RoleRecord): Json {
  return showPrincipals(state, role.trustPolicy);
}

/** The trust policy as it stands in an answer. */
export function encodedTrustPolicy(state: AccountState, role: RoleRecord): string {
  return encodeDocument(JSON.stringify(shownTrustPolicy(state, role)));
}
