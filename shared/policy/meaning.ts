import { byCodeUnit, type CanonicalPolicy } from './canonical.ts';
import { type Circumstances, implies, widest } from './implication.ts';
import type { Statement } from './parse.ts';
import { areApart, covers, hasVariable, isWild } from './pattern.ts';
import { absent, anyOtherPrincipal, isRule, type Rule, RuleBook, type Selector, toRule } from './rules.ts';

/** One place at which two policies are asked what they say. Patterns stand for their typical match. */
export interface Point {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

/** What a policy says at a point: nothing (both empty), or under which circumstances it allows and denies. A Deny wins. */
export interface Say {
  readonly allow: readonly Circumstances[];
  readonly deny: readonly Circumstances[];
}

/** A point at which two policies say different things. */
export interface Shift {
  readonly point: Point;
  /** The statement, of either policy, for which the point was looked at. */
  readonly rule: Rule;
  readonly before: Say;
  readonly after: Say;
}

/** How two policies differ in meaning. */
export interface Divergence {
  readonly shifts: readonly Shift[];
  /** Statements of one policy only that could not be understood for certain; by the policy that has them. */
  readonly unclear: { readonly before: readonly Statement[]; readonly after: readonly Statement[] };
}

/**
 * About a second of work, a step being the comparison of two patterns. Real policies need some ten thousands; what needs
 * more is compared by text alone.
 */
const maxSteps = 30_000_000;
/** What looking at a point, or at a rule there, takes beside the patterns. */
const stepsAside = 10;
const maxCircumstances = 300;

/**
 * Where two policies say different things; looks no further when it has found `enough` places. Exact for documents without conditions: at every other point they say the same.
 *
 * Why it is enough to ask at few points: only statements that one policy has alone can make a difference, and a statement
 * of plain patterns that adds nothing at its patterns' typical match adds nothing anywhere. Negations (NotAction and its
 * like) break that; with them all patterns within a statement's reach are asked too, if these nest or lie apart.
 */
export function divergence(
  before: CanonicalPolicy,
  after: CanonicalPolicy,
  enough = Number.POSITIVE_INFINITY,
): Divergence {
  const onlyBefore = notIn(before, after);
  const onlyAfter = notIn(after, before);
  const odd = {
    before: onlyBefore.filter((statement) => !isRule(statement)),
    after: onlyAfter.filter((statement) => !isRule(statement)),
  };
  const differing = [
    ...onlyBefore.filter(isRule).map((statement) => toRule(statement, before.version)),
    ...onlyAfter.filter(isRule).map((statement) => toRule(statement, after.version)),
  ]
    // A point is told by the first statement that reaches it: the plainer its words, the better, whichever policy has it.
    .map((rule) => ({ rule, rank: negationsOf(rule) }))
    .sort((a, b) => byCodeUnit(a.rank, b.rank))
    .map(({ rule }) => rule);
  if (differing.length === 0) return { shifts: [], unclear: odd };
  const dimension = differing.some((rule) => rule.statement.principal ?? rule.statement.notPrincipal)
    ? 'principal'
    : 'resource';
  const books = { before: new RuleBook(before, dimension), after: new RuleBook(after, dimension) };
  const all = [...books.before.rules, ...books.after.rules];
  const isPlain = !all.some(({ principal, action, resource }) =>
    [principal, action, resource].some(({ isNegated }) => isNegated),
  );
  const found =
    findShifts(differing, all, books, enough) ?? (isPlain ? findShifts(differing, [], books, enough) : null);
  const isCertain = found !== null && (found.length > 0 || isPlain || nests(all));
  if (isCertain) return { shifts: found, unclear: odd };
  return { shifts: [], unclear: { before: onlyBefore, after: onlyAfter } };
}

/** Empty for a statement without negated elements; the more there are, the later it sorts. */
function negationsOf({ statement }: Rule): string {
  const negated = [statement.notPrincipal, statement.notAction, statement.notResource].filter(
    (list) => list !== null,
  );
  return negated.length === 0 ? '' : JSON.stringify([negated.length, negated]);
}

function notIn(these: CanonicalPolicy, those: CanonicalPolicy): Statement[] {
  // A text with variables does not mean the same under another version.
  const sameVersion = these.version === those.version;
  return [...these.statements]
    .filter(([text]) => !those.statements.has(text) || (!sameVersion && text.includes('${')))
    .map(([, statement]) => statement);
}

/** Asks at the patterns of `differing`, and at those of `within` that they reach. null where it would take too long. */
function findShifts(
  differing: readonly Rule[],
  within: readonly Rule[],
  books: { readonly before: RuleBook; readonly after: RuleBook },
  enough: number,
): Shift[] | null {
  const known = knownValues(within);
  const asked = new Set<string>();
  const shifts: Shift[] = [];
  let steps = 0;
  for (const rule of differing) {
    steps += (['principal', 'action', 'resource'] as const).reduce(
      (sum, dimension) =>
        sum + (rule[dimension].isWild ? known[dimension].length * (1 + rule[dimension].effort) : 0),
      0,
    );
    if (steps > maxSteps) return null;
    const reach = {
      principal: valuesWithin(rule.principal, known.principal),
      action: valuesWithin(rule.action, known.action),
      resource: valuesWithin(rule.resource, known.resource),
    };
    const points = reach.principal.length * reach.action.length * reach.resource.length;
    if (points * stepsAside + steps > maxSteps) return null;
    for (const point of pointsOf(reach)) {
      const key = JSON.stringify([point.principal, point.action, point.resource]);
      if (asked.has(key)) continue;
      asked.add(key);
      const [earlier, later] = [books.before.candidates(point), books.after.candidates(point)];
      steps += stepsAside + effortOf(earlier) + effortOf(later);
      if (steps > maxSteps) return null;
      const was = sayOf(earlier, point);
      const is = sayOf(later, point);
      if (was === null || is === null) return null;
      if (!isSame(was, is)) shifts.push({ point, rule, before: was, after: is });
      if (shifts.length >= enough) return shifts;
    }
  }
  return shifts;
}

function effortOf(rules: readonly Rule[]): number {
  return rules.reduce(
    (sum, { principal, action, resource }) =>
      sum + stepsAside + principal.effort + action.effort + resource.effort,
    0,
  );
}

interface Reach {
  readonly principal: readonly string[];
  readonly action: readonly string[];
  readonly resource: readonly string[];
}

function* pointsOf({ principal, action, resource }: Reach): Generator<Point> {
  for (const p of principal)
    for (const a of action) for (const r of resource) yield { principal: p, action: a, resource: r };
}

function knownValues(rules: readonly Rule[]): Reach {
  const values = (dimension: keyof Reach) => [...new Set(rules.flatMap((rule) => rule[dimension].patterns))];
  return {
    principal: [...values('principal'), 'AWS:*', anyOtherPrincipal],
    action: [...values('action'), '*'],
    resource: [...values('resource'), '*'],
  };
}

function valuesWithin(selector: Selector, known: readonly string[]): string[] {
  const own = selector.isNegated ? [] : selector.patterns;
  const others = selector.isWild ? known.filter((value) => selector.selects(value)) : [];
  return [...new Set([...own, ...others])];
}

/** null where so many circumstances meet that it would take too long. */
function sayOf(rules: readonly Rule[], point: Point): Say | null {
  const allow: Circumstances[] = [];
  const deny: Circumstances[] = [];
  for (const rule of rules) {
    const applies =
      rule.principal.selects(point.principal) &&
      rule.action.selects(point.action) &&
      rule.resource.selects(point.resource);
    if (applies) (rule.isAllow ? allow : deny).push(...rule.when);
  }
  if (!isTractable(allow) || !isTractable(deny)) return null;
  const denied = widest(deny);
  const allowed = widest(allow).filter(
    (circumstances) => !denied.some((wider) => implies(circumstances, wider)),
  );
  return { allow: allowed, deny: denied };
}

function isTractable(all: readonly Circumstances[]): boolean {
  return all.length <= maxCircumstances || all.some((circumstances) => circumstances.length === 0);
}

function isSame(one: Say, other: Say): boolean {
  return (
    beyond(one.allow, other.allow).length === 0 &&
    beyond(other.allow, one.allow).length === 0 &&
    beyond(one.deny, other.deny).length === 0 &&
    beyond(other.deny, one.deny).length === 0
  );
}

/** Those of `these` that `those` do not cover. */
export function beyond(these: readonly Circumstances[], those: readonly Circumstances[]): Circumstances[] {
  return these.filter((circumstances) => !those.some((wider) => implies(circumstances, wider)));
}

/** Whether the patterns of every negated element nest or lie apart, so that the typical matches tell all. */
function nests(rules: readonly Rule[]): boolean {
  return (['action', 'resource'] as const).every((dimension) => {
    if (!rules.some((rule) => rule[dimension].isNegated)) return true;
    const values = [...new Set(rules.flatMap((rule) => rule[dimension].patterns))].filter(
      (value) => value !== absent,
    );
    if (values.some(hasVariable) || values.some((value) => value.includes('?'))) return false;
    const wild = values.filter(isWild);
    if (3 * wild.length * wild.length > maxSteps) return false;
    return wild.every((one) =>
      wild.every((other) => covers(one, other) || covers(other, one) || areApart(one, other)),
    );
  });
}
