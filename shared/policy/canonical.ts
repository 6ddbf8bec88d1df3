import type { Condition, PolicyContext, PolicyDocument, Statement } from './parse.ts';

/** A document in which everything that never matters is gone: order, duplicates, spelling, labels. */
export interface CanonicalPolicy {
  readonly version: string;
  /** By canonical text, each once. */
  readonly statements: ReadonlyMap<string, Statement>;
}

// A missing Version means the older one (IAM user guide, JSON policy elements: Version).
const defaultVersion = '2008-10-17';

/**
 * The canonical form. `Sid` and `Id` have no effect on evaluation and are not part of it. Actions, operators and condition
 * keys ignore case; principals, resources and values do not. Idempotent.
 */
export function canonicalPolicy(document: PolicyDocument, partition: string): CanonicalPolicy {
  const canonical = document.statements.map((statement) => canonicalStatement(statement, partition));
  return {
    version: document.version ?? defaultVersion,
    statements: new Map(canonical.map((statement) => [canonicalText(statement), statement])),
  };
}

/** All of a document that a person may have written on purpose: its meaning and its labels, order aside. */
export function labelledText(document: PolicyDocument, partition: string): string {
  const statements = document.statements.map((statement) =>
    JSON.stringify([statement.sid, canonicalText(canonicalStatement(statement, partition))]),
  );
  return JSON.stringify([document.version ?? defaultVersion, document.id, unique(statements)]);
}

/**
 * The partition in which bare account ids are meant: the context's, else the only one that the documents' principals
 * name (trust never crosses a partition), else `aws`.
 */
export function partitionOf(context: PolicyContext, documents: readonly PolicyDocument[]): string {
  if (context.partition !== undefined) return context.partition;
  const named = new Set<string>();
  for (const document of documents) {
    for (const { principal, notPrincipal } of document.statements) {
      for (const value of [...(principal ?? []), ...(notPrincipal ?? [])]) {
        const partition = /^AWS:arn:([^:]+):/.exec(value)?.[1];
        if (partition !== undefined) named.add(partition);
      }
    }
  }
  const [only] = named;
  return named.size === 1 && only !== undefined ? only : 'aws';
}

function canonicalStatement(statement: Statement, partition: string): Statement {
  const principals = (values: readonly string[] | null) =>
    values && unique(values.map((value) => canonicalPrincipal(value, partition)));
  const folded = (values: readonly string[] | null) =>
    values && unique(values.map((value) => value.toLowerCase()));
  return {
    sid: '',
    effect: statement.effect,
    principal: principals(statement.principal),
    notPrincipal: principals(statement.notPrincipal),
    action: folded(statement.action),
    notAction: folded(statement.notAction),
    resource: statement.resource && unique(statement.resource),
    notResource: statement.notResource && unique(statement.notResource),
    conditions: canonicalConditions(statement.conditions),
  };
}

/** IAM stores a bare account id as the account's root ARN. Leading zeros belong to the id. */
function canonicalPrincipal(principal: string, partition: string): string {
  const account = /^AWS:(\d{12})$/.exec(principal)?.[1];
  return account === undefined ? principal : `AWS:arn:${partition}:iam::${account}:root`;
}

/**
 * Two spellings of one key under one operator stay two conditions: both must hold, whereas the values of one are alternatives.
 */
function canonicalConditions(conditions: readonly Condition[]): Condition[] {
  const byText = new Map<string, Condition>();
  for (const { operator, key, values } of conditions) {
    const canonical = { operator: operator.toLowerCase(), key: key.toLowerCase(), values: unique(values) };
    byText.set(conditionText(canonical), canonical);
  }
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, condition]) => condition);
}

function canonicalText(statement: Statement): string {
  const { effect, principal, notPrincipal, action, notAction, resource, notResource, conditions } = statement;
  return JSON.stringify([
    [effect, principal, notPrincipal, action, notAction, resource, notResource],
    conditions.map(conditionText),
  ]);
}

export function conditionText({ operator, key, values }: Condition): string {
  return JSON.stringify([operator, key, values]);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort(byCodeUnit);
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
