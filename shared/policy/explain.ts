import type { Access, AccessDelta, Json } from '../model.ts';
import { byCodeUnit, type CanonicalPolicy, canonicalPolicy, partitionOf } from './canonical.ts';
import { type Finding, findings } from './findings.ts';
import { circumstancesText, joined } from './implication.ts';
import { divergence } from './meaning.ts';
import { parsePolicy, type PolicyContext, type PolicyDocument, type Statement } from './parse.ts';
import { patternText } from './pattern.ts';
import { absent, anyOtherPrincipal, toRule } from './rules.ts';
import { sentence, type Spelling, type Telling } from './sentences.ts';
import { isUniqueId } from './unique-id.ts';

/** A person reads no more, and a report has to be stored and sent. */
const maxEntries = 500;

/**
 * The access that `actual` gives and `expected` does not (gained), and the reverse (lost). null: no policy at all.
 * Documents that mean the same gain and lose nothing. What is not certain says "may" in its text.
 * @throws {MalformedPolicyError} if either is no policy document
 */
export function explainAccess(
  expected: string | Json | null,
  actual: string | Json | null,
  context: PolicyContext,
): AccessDelta {
  const before = expected === null ? null : parsePolicy(expected, context.kind);
  const after = actual === null ? null : parsePolicy(actual, context.kind);
  const documents = [before, after].filter((document) => document !== null);
  const partition = partitionOf(context, documents);
  const was = canonicalOrNone(before, after, partition);
  const is = canonicalOrNone(after, before, partition);
  const spelling = spellingOf(documents);
  const difference = divergence(was, is);
  const { unclear } = difference;
  const gained = told(
    findings(difference, 'after'),
    [...unclear.after.filter(isAllow), ...unclear.before.filter(isDeny)],
    { direction: 'gained', isCertain: true, spelling },
  );
  const lost = told(
    findings(difference, 'before'),
    [...unclear.before.filter(isAllow), ...unclear.after.filter(isDeny)],
    { direction: 'lost', isCertain: true, spelling },
  );
  return { gained, lost: withDeletedPrincipals(lost, gained) };
}

// An effect that IAM does not know is more likely a misspelt Allow, and the worse for it.
const isDeny = ({ effect }: Statement) => effect === 'Deny';
const isAllow = (statement: Statement) => !isDeny(statement);

function canonicalOrNone(
  document: PolicyDocument | null,
  other: PolicyDocument | null,
  partition: string,
): CanonicalPolicy {
  const none = { kind: 'trust', version: other?.version ?? null, id: null, statements: [] } as const;
  return canonicalPolicy(document ?? none, partition);
}

function told(certain: readonly Finding[], unclear: readonly Statement[], telling: Telling): Access[] {
  const doubtful = unclear.slice(0, maxEntries).flatMap(unclearFindings);
  const first = [...certain].sort(byPlace).slice(0, maxEntries);
  const second = doubtful.slice(0, maxEntries - first.length);
  const entries = distinct([
    ...first.map((finding) => toAccess(finding, telling)),
    ...second.map((finding) => toAccess(finding, { ...telling, isCertain: false })),
  ]);
  const left =
    certain.length -
    first.length +
    (doubtful.length - second.length) +
    Math.max(0, unclear.length - maxEntries);
  if (left === 0) return entries;
  return [
    ...entries,
    { actions: [], conditions: {}, text: `and at least ${left} more differences of this kind` },
  ];
}

/** Different findings may come out as the same words, as with `NotPrincipal`. */
function distinct(entries: readonly Access[]): Access[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function byPlace(a: Finding, b: Finding): number {
  return (
    byCodeUnit(a.principal, b.principal) ||
    byCodeUnit(a.resource, b.resource) ||
    byCodeUnit(whenText(a), whenText(b))
  );
}

const whenText = ({ through, when }: Finding) => `${through} ${circumstancesText(when)}`;

/** A statement that IAM would refuse, or one of very many: what it seems to say. */
function unclearFindings(statement: Statement): Finding[] {
  const rule = toRule(statement, '2012-10-17');
  return rule.principal.patterns
    .flatMap((principal) =>
      rule.resource.patterns.map((resource): Finding => ({
        principal,
        resource,
        actions: rule.action.isNegated ? ['*'] : rule.action.patterns,
        rule,
        through: 'allow',
        when: joined(rule.when)[0] ?? [],
        otherwise: [],
      })),
    )
    .slice(0, maxEntries);
}

function toAccess(finding: Finding, telling: Telling): Access {
  const { principal, resource, when } = finding;
  const { spelling } = telling;
  const isNamed =
    principal !== absent && principal !== anyOtherPrincipal && !finding.rule.principal.isNegated;
  return {
    ...(principal === absent ? {} : { principal: isNamed ? principal : 'AWS:*' }),
    ...(resource === absent ? {} : { resource: patternText(resource) }),
    actions: finding.actions
      .filter((action) => action !== absent)
      .map(spelling)
      .sort(byCodeUnit),
    conditions: conditionsOf(when, spelling),
    text: sentence(finding, telling),
  };
}

function conditionsOf(when: Finding['when'], spelling: Spelling): Access['conditions'] {
  const byOperator = new Map<string, Map<string, readonly string[]>>();
  for (const { operator, key, values } of when) {
    const keys = byOperator.get(spelling(operator)) ?? new Map<string, readonly string[]>();
    // Two spellings of one key must both hold; the second keeps its canonical spelling.
    keys.set(keys.has(spelling(key)) ? key : spelling(key), values.map(patternText));
    byOperator.set(spelling(operator), keys);
  }
  return Object.fromEntries([...byOperator].map(([operator, keys]) => [operator, Object.fromEntries(keys)]));
}

/** Actions, operators and condition keys as the documents spell them first. */
function spellingOf(documents: readonly PolicyDocument[]): Spelling {
  const spelled = new Map<string, string>();
  const note = (original: string) => {
    const canonical = original.toLowerCase();
    if (!spelled.has(canonical)) spelled.set(canonical, original);
  };
  for (const { action, notAction, conditions } of documents.flatMap(({ statements }) => statements)) {
    for (const name of [...(action ?? []), ...(notAction ?? [])]) note(name);
    for (const { operator, key } of conditions) [operator, key].forEach(note);
  }
  return (canonical) => spelled.get(canonical) ?? patternText(canonical);
}

/** A role or user that is lost while a unique id is gained was most likely deleted: IAM shows the id in its place. */
function withDeletedPrincipals(lost: readonly Access[], gained: readonly Access[]): Access[] {
  const hasUniqueId = gained.some(({ principal }) => isUniqueId(principal?.slice('AWS:'.length) ?? ''));
  return lost.map((access) =>
    hasUniqueId && /^AWS:arn:[^:]+:iam::\d{12}:(?:role|user)\//.test(access.principal ?? '')
      ? { ...access, text: `${access.text}; this principal was deleted (or recreated)` }
      : access,
  );
}
