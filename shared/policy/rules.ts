import type { CanonicalPolicy } from './canonical.ts';
import { alternatives, type Circumstances } from './implication.ts';
import type { Statement } from './parse.ts';
import { covers, isWild, toLiteral, toPattern } from './pattern.ts';

/** An element that a statement does not have matches only this. */
export const absent = '\u0000';
/** A principal that no document names, for NotPrincipal. */
export const anyOtherPrincipal = '\u0000other';

/** One element of a statement: patterns that must match, or (NotAction and its like) must not. */
export interface Selector {
  readonly patterns: readonly string[];
  readonly isNegated: boolean;
  readonly isWild: boolean;
  /** How many patterns `selects` may have to compare with. */
  readonly effort: number;
  /** Whether all that the pattern matches is selected; with a negated selector, whether its typical match is. */
  readonly selects: (pattern: string) => boolean;
}

/** A statement, ready to be asked what it says. */
export interface Rule {
  readonly statement: Statement;
  readonly isAllow: boolean;
  readonly principal: Selector;
  readonly action: Selector;
  readonly resource: Selector;
  /** When it applies: any of these. */
  readonly when: readonly Circumstances[];
}

/** Whether the statement has one meaning at all: an effect that IAM knows, and no element beside its own negation. */
export function isRule({
  effect,
  principal,
  notPrincipal,
  action,
  notAction,
  resource,
  notResource,
}: Statement): boolean {
  const isDoubled = (principal && notPrincipal) ?? (action && notAction) ?? (resource && notResource) ?? null;
  return (effect === 'Allow' || effect === 'Deny') && isDoubled === null;
}

export function toRule(statement: Statement, version: string): Rule {
  const asPatterns = (values: readonly string[] | null) =>
    values && values.map((value) => toPattern(value, version));
  return {
    statement,
    isAllow: statement.effect === 'Allow',
    // Only "everybody" is a pattern: a star within a principal's ARN is none (IAM user guide, Principal).
    principal: selector(statement.principal, statement.notPrincipal, (value) => value === 'AWS:*'),
    action: selector(asPatterns(statement.action), asPatterns(statement.notAction), isWild),
    resource: selector(asPatterns(statement.resource), asPatterns(statement.notResource), isWild),
    when: alternatives(
      statement.conditions.map((condition) => ({
        ...condition,
        values: condition.values.map((value) => toLiteral(value, version)),
      })),
    ),
  };
}

function selector(
  given: readonly string[] | null,
  negated: readonly string[] | null,
  isPattern: (value: string) => boolean,
): Selector {
  const patterns = given ?? negated ?? [absent];
  const exact = new Set(patterns);
  const wild = patterns.filter(isPattern);
  const holds = (value: string) =>
    exact.has(value) || (value !== absent && wild.some((pattern) => covers(pattern, value)));
  const isNegated = given === null && negated !== null;
  return {
    patterns,
    isNegated,
    isWild: isNegated || wild.length > 0,
    effort: wild.length,
    selects: isNegated ? (value) => value !== absent && !holds(value) : holds,
  };
}

/** The rules of a policy, found fast by the values that they name. */
export class RuleBook {
  readonly rules: readonly Rule[];
  readonly #byValue = new Map<string, Rule[]>();
  readonly #wild: Rule[] = [];
  readonly #dimension: 'principal' | 'resource';

  constructor(policy: CanonicalPolicy, dimension: 'principal' | 'resource') {
    this.#dimension = dimension;
    this.rules = [...policy.statements.values()]
      .filter(isRule)
      .map((statement) => toRule(statement, policy.version));
    for (const rule of this.rules) {
      const { patterns, isWild: isAnywhere } = rule[dimension];
      if (isAnywhere) this.#wild.push(rule);
      else for (const value of patterns) this.#add(value, rule);
    }
  }

  /** The rules that may say something about this principal or resource: no other does. */
  candidates(point: { readonly principal: string; readonly resource: string }): readonly Rule[] {
    return [...(this.#byValue.get(point[this.#dimension]) ?? []), ...this.#wild];
  }

  #add(value: string, rule: Rule): void {
    const there = this.#byValue.get(value);
    if (there === undefined) this.#byValue.set(value, [rule]);
    else there.push(rule);
  }
}
