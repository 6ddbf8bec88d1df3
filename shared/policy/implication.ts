import { conditionText } from './canonical.ts';
import type { Condition } from './parse.ts';
import { covers } from './pattern.ts';

/** Conditions that must all hold; none: always. Operators and keys in lower case. */
export type Circumstances = readonly Condition[];

const maxAlternatives = 64;
const maxPairs = 10_000;

/** Whether `one` surely never holds without `other`. */
export function implies(one: Circumstances, other: Circumstances): boolean {
  if (one.length * other.length > maxPairs) return circumstancesText(one) === circumstancesText(other);
  return other.every((demanded) => one.some((given) => entryImplies(given, demanded)));
}

/** Operators are never turned into one another, but for what the documentation says of …IfExists and StringLike. */
function entryImplies(given: Condition, demanded: Condition): boolean {
  if (given.key !== demanded.key) return false;
  const [from, to] = [operatorOf(given), operatorOf(demanded)];
  if (from.quantifier !== to.quantifier || (from.ifExists && !to.ifExists)) return false;
  const exactToLike = from.name === 'stringequals' && to.name === 'stringlike';
  if (from.name !== to.name && !exactToLike) return false;
  if (given.values.length === 0 || demanded.values.length === 0)
    return given.values.length === demanded.values.length;
  const [many, few] = [given.values.length, demanded.values.length];
  if (many * few > maxPairs) return from.name === to.name && isSubset(given, demanded, from.isNegated);
  const matches = (pattern: string, value: string) =>
    pattern === value || (/^string(?:not)?like$/.test(to.name) && covers(pattern, value));
  // The values of a negated operator are all excluded: the more there are, the less is left.
  return from.isNegated
    ? demanded.values.every((value) => given.values.some((pattern) => matches(pattern, value)))
    : given.values.every((value) => demanded.values.some((pattern) => matches(pattern, value)));
}

/** By text only, for long lists. */
function isSubset(given: Condition, demanded: Condition, isNegated: boolean): boolean {
  const [small, large] = isNegated ? [demanded, given] : [given, demanded];
  const known = new Set(large.values);
  return small.values.every((value) => known.has(value));
}

interface Operator {
  readonly quantifier: string;
  readonly name: string;
  readonly ifExists: boolean;
  readonly isNegated: boolean;
}

export function operatorOf({ operator }: Condition): Operator {
  const [, quantifier = '', name = '', ifExists] =
    /^(for(?:any|all)value[s]?:)?(.*?)(ifexists)?$/s.exec(operator.toLowerCase()) ?? [];
  return { quantifier, name, ifExists: ifExists !== undefined, isNegated: name.includes('not') };
}

/**
 * The same circumstances as alternatives with one value each, as far as values are alternatives: not those of negated
 * operators and of ForAllValues. Two statements then mean the same as one with both values.
 */
export function alternatives(circumstances: Circumstances): Circumstances[] {
  let all: Circumstances[] = [[]];
  for (const condition of circumstances) {
    const { isNegated, quantifier } = operatorOf(condition);
    const isChoice = !isNegated && quantifier !== 'forallvalues:' && condition.values.length > 1;
    const choices = isChoice
      ? condition.values.map((value) => ({ ...condition, values: [value] }))
      : [condition];
    if (all.length * choices.length > maxAlternatives) return [circumstances];
    all = all.flatMap((chosen) => choices.map((choice) => [...chosen, choice]));
  }
  return all;
}

/** Alternatives joined again where they differ in the values of a single condition: shorter to read, the same to mean. */
export function joined(all: readonly Circumstances[]): Circumstances[] {
  let result = [...all];
  const longest = Math.max(0, ...all.map((circumstances) => circumstances.length));
  if (all.length < 2 || all.length * longest * longest > maxPairs) return result;
  for (let position = 0; position < longest; position += 1) {
    const groups = new Map<string, Circumstances>();
    for (const circumstances of result) {
      const varying = circumstances[position];
      const isChoice =
        varying !== undefined && !operatorOf(varying).isNegated && !varying.operator.startsWith('forall');
      const rest = circumstances.map((condition, index) =>
        index === position && isChoice
          ? conditionText({ ...condition, values: [] })
          : conditionText(condition),
      );
      const group = JSON.stringify(rest);
      const values = [
        ...new Set([...(groups.get(group)?.[position]?.values ?? []), ...(varying?.values ?? [])]),
      ];
      groups.set(
        group,
        isChoice
          ? circumstances.map((condition, index) =>
              index === position ? { ...condition, values } : condition,
            )
          : circumstances,
      );
    }
    result = [...groups.values()];
  }
  return result;
}

/** Only the widest: what implies another adds nothing to it. */
export function widest(all: readonly Circumstances[]): Circumstances[] {
  if (all.some((circumstances) => circumstances.length === 0)) return [[]];
  const kept: Circumstances[] = [];
  for (const candidate of all) {
    if (kept.some((wider) => implies(candidate, wider))) continue;
    kept.splice(0, kept.length, ...kept.filter((narrower) => !implies(narrower, candidate)), candidate);
  }
  return kept;
}

export function circumstancesText(circumstances: Circumstances): string {
  return JSON.stringify(circumstances.map(conditionText));
}
