import type { Json, JsonObject } from '../model.ts';
import { InvalidEventPatternError } from './invalid-event-pattern.ts';
import { isList, isObject } from './json.ts';
import { compileTest, operators } from './operators.ts';
import type { Test } from './operators.ts';
import { MOST_COMPLEX, wildcardComplexity } from './wildcard-complexity.ts';

/** What an event must have: for each dotted path, one of the tests. */
export type Alternative = ReadonlyMap<string, readonly Test[]>;

// Past it EventBridge refuses a rule: "$or" multiplies with every other one of the pattern.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
const MOST_ALTERNATIVES = 1000;

/**
 * A pattern as the alternatives that its `$or`s amount to; an event matches if it has what one of them asks.
 * Field names are joined by dots, as EventBridge does: `{"a.b":[1]}` and `{"a":{"b":[1]}}` are one pattern.
 * @throws {InvalidEventPatternError} if EventBridge would refuse the pattern.
 */
export function compilePattern(pattern: JsonObject): readonly Alternative[] {
  const alternatives = compileObject(pattern, '', [new Map()]);
  for (const path of new Set(alternatives.flatMap((alternative) => [...alternative.keys()])))
    refuseTooComplex(alternatives.flatMap((alternative) => alternative.get(path) ?? []));
  return alternatives;
}

/** All that is asked of one field. */
function refuseTooComplex(tests: readonly Test[]): void {
  const wildcards = tests.flatMap((test) => (test.kind === 'leaf' ? test.wildcards : []));
  if (wildcards.length > 0 && wildcardComplexity(wildcards, MOST_COMPLEX) > MOST_COMPLEX)
    throw new InvalidEventPatternError(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
}

function compileObject(
  pattern: JsonObject,
  prefix: string,
  before: readonly Alternative[],
): readonly Alternative[] {
  const members = Object.entries(pattern);
  if (members.length === 0) throw new InvalidEventPatternError('Empty objects are not allowed');
  let alternatives = before;
  for (const [name, value] of members) {
    const branches = name === '$or' ? branchesOf(value) : null;
    alternatives =
      branches === null
        ? compileField(name, value, `${prefix}${name}`, alternatives)
        : branches.flatMap((branch) => compileObject(branch, prefix, alternatives));
    if (alternatives.length > MOST_ALTERNATIVES)
      throw new InvalidEventPatternError(
        `more than ${MOST_ALTERNATIVES} combinations of $or: use fewer or shorter ones`,
      );
  }
  return alternatives;
}

function compileField(
  name: string,
  value: Json,
  path: string,
  before: readonly Alternative[],
): readonly Alternative[] {
  if (isObject(value)) return compileObject(value, `${path}.`, before);
  if (!isList(value)) throw new InvalidEventPatternError(`"${name}" must be an object or an array`);
  if (value.length === 0) throw new InvalidEventPatternError('Empty arrays are not allowed');
  const tests = value.map((entry) => compileTest(entry));
  // A path named twice, inside and outside of a $or: EventBridge keeps the later one.
  return before.map((alternative) => new Map([...alternative, [path, tests]]));
}

/**
 * The objects of a `$or`; null where it is the name of an ordinary field: EventBridge reads it as the operator only
 * before a list of two or more objects, none of which uses the name of an operator for a field.
 */
function branchesOf(value: Json): readonly JsonObject[] | null {
  if (!isList(value) || value.length < 2) return null;
  const branches = value.filter((branch) => isObject(branch));
  if (branches.length < value.length) return null;
  return branches.some((branch) => Object.keys(branch).some((name) => isOperator(name))) ? null : branches;
}

function isOperator(name: string): boolean {
  return operators.some((operator) => operator === name);
}
