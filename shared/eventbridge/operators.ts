import type { Json, JsonObject } from '../model.ts';
import { compileCidr } from './cidr.ts';
import { InvalidEventPatternError } from './invalid-event-pattern.ts';
import { isList, isObject } from './json.ts';
import { compileNumeric } from './numeric.ts';
import { compileWildcard } from './wildcard.ts';

export type Leaf = null | boolean | number | string;

/** One entry of a pattern's list. `absent` asks that the event has no such field; `leaf` is asked of each value that it has. */
export type Test =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'leaf';
      readonly accepts: (leaf: Leaf) => boolean;
      /** What it looks for by wildcards: a field's are judged together. */
      readonly wildcards: readonly string[];
    };

/** The operators of EventBridge; a field whose name is one of them makes `$or` an ordinary field. */
export const operators = [
  'exists',
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'cidr',
  'numeric',
  'anything-but',
] as const;

/** @throws {InvalidEventPatternError} if EventBridge would refuse the entry. */
export function compileTest(entry: Json): Test {
  if (isList(entry))
    throw new InvalidEventPatternError('Match value must be String, number, true, false, or null');
  return isObject(entry) ? compileOperator(entry) : leaf((value) => value === entry);
}

const leaf = (accepts: (leaf: Leaf) => boolean, wildcards: readonly string[] = []): Test => ({
  kind: 'leaf',
  accepts,
  wildcards,
});

/** What is said of text only: no other value has it. */
const text = (accepts: (text: string) => boolean, wildcards: readonly string[] = []): Test =>
  leaf((value) => typeof value === 'string' && accepts(value), wildcards);

function compileOperator(entry: JsonObject): Test {
  const [name, argument] = onlyMember(entry);
  switch (name) {
    case 'exists':
      if (typeof argument !== 'boolean')
        throw new InvalidEventPatternError('exists match pattern must be either true or false.');
      return argument ? leaf(() => true) : { kind: 'absent' };
    case 'prefix':
    case 'suffix':
      return text(compileAffix(name, argument));
    case 'equals-ignore-case':
      return text(equalsIgnoringCase(stringOf(name, argument)));
    case 'wildcard': {
      const wildcard = stringOf(name, argument);
      return text(compileWildcard(wildcard), [wildcard]);
    }
    case 'cidr':
      // EventBridge's own words: it names prefix here.
      return text(compileCidr(stringOf('prefix', argument)));
    case 'numeric': {
      const accepts = compileNumeric(argument);
      return leaf((value) => typeof value === 'number' && accepts(value));
    }
    case 'anything-but':
      return compileAnythingBut(argument);
    default:
      throw new InvalidEventPatternError(`Unrecognized match type ${name}`);
  }
}

type Affix = 'prefix' | 'suffix';

function compileAffix(name: Affix, argument: Json): (value: string) => boolean {
  if (!isObject(argument)) return hasAffix(name, stringOf(name, argument));
  const [inner, affix] = onlyMember(argument);
  if (inner !== 'equals-ignore-case')
    throw new InvalidEventPatternError(`Unsupported ${name} pattern: ${inner}`);
  const has = hasAffix(name, stringOf(inner, affix).toLowerCase());
  return (value) => has(value.toLowerCase());
}

const hasAffix = (name: Affix, affix: string) => (value: string) =>
  name === 'prefix' ? value.startsWith(affix) : value.endsWith(affix);

function equalsIgnoringCase(expected: string): (value: string) => boolean {
  const lower = expected.toLowerCase();
  return (value) => value.toLowerCase() === lower;
}

/** Whatever is there and is not excluded, also null and numbers. A missing field is not there: it never matches. */
function compileAnythingBut(argument: Json): Test {
  if (isObject(argument)) {
    const excluded = excludedTexts(argument);
    return leaf(
      (value) => typeof value !== 'string' || !excluded.some((isExcluded) => isExcluded(value)),
      wildcardsIn(argument),
    );
  }
  if (typeof argument !== 'string' && typeof argument !== 'number' && !isList(argument))
    throw wrongAnythingBut();
  const values = listOf(argument);
  for (const value of values)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new InvalidEventPatternError('Inside anything but list, start|null|boolean is not supported.');
  if (new Set(values.map((value) => typeof value)).size > 1)
    throw new InvalidEventPatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  return leaf((value) => !values.includes(value));
}

function excludedTexts(argument: JsonObject): readonly ((value: string) => boolean)[] {
  const [name, given] = onlyMember(argument);
  if (isObject(given)) throw wrongAnythingBut();
  const values = listOf(given);
  switch (name) {
    case 'prefix':
    case 'suffix':
      return values.map((value) => {
        const affix = stringOf('prefix/suffix', value);
        if (affix === '') throw new InvalidEventPatternError('Null prefix/suffix not allowed');
        return hasAffix(name, affix);
      });
    case 'wildcard':
      return values.map((value) => compileWildcard(stringOf(name, value)));
    case 'equals-ignore-case':
      return values.map((value) => {
        if (typeof value === 'string') return equalsIgnoringCase(value);
        throw new InvalidEventPatternError(
          'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
        );
      });
    default:
      throw new InvalidEventPatternError(`Unsupported anything-but pattern: ${name}`);
  }
}

function wildcardsIn({ wildcard = [] }: JsonObject): readonly string[] {
  return [wildcard].flat().filter((value) => typeof value === 'string');
}

const wrongAnythingBut = () =>
  new InvalidEventPatternError('Value of anything-but must be an array or single string/number value.');

function listOf(value: Json): readonly Json[] {
  if (!isList(value)) return [value];
  if (value.length === 0) throw new InvalidEventPatternError('Empty arrays are not allowed');
  return value;
}

function stringOf(name: string, value: Json): string {
  if (typeof value === 'string') return value;
  throw new InvalidEventPatternError(`${name} match pattern must be a string`);
}

function onlyMember(object: JsonObject): readonly [string, Json] {
  const [first, ...others] = Object.entries(object);
  if (first === undefined) throw new InvalidEventPatternError('Empty objects are not allowed');
  if (others.length > 0) throw new InvalidEventPatternError('Only one key allowed in match expression');
  return first;
}
