import { InvalidEventPatternError } from './invalid-event-pattern.ts';
import { isObject } from './json.ts';
import type { Leaf } from './operators.ts';
import { compilePattern } from './pattern.ts';
import type { Alternative } from './pattern.ts';

/**
 * Whether EventBridge would hand an event to a rule with this pattern (parsed, or its JSON text).
 * Semantics: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html, checked against answers
 * of EventBridge's TestEventPattern.
 * @throws {InvalidEventPatternError} if EventBridge would refuse the pattern, with its reason.
 */
export function matchesEvent(pattern: unknown, event: unknown): boolean {
  const alternatives = compilePattern(parse(pattern));
  const asked = new Set(alternatives.flatMap((alternative) => [...alternative.keys()]));
  const values = valuesByPath(event, asked);
  return alternatives.some((alternative) => hasAll(alternative, values));
}

function parse(pattern: unknown) {
  const parsed = typeof pattern === 'string' ? parseText(pattern) : pattern;
  if (!isObject(parsed)) throw new InvalidEventPatternError('Filter is not an object');
  return parsed;
}

function parseText(pattern: string): unknown {
  try {
    return JSON.parse(pattern);
  } catch {
    throw new InvalidEventPatternError('Filter is not valid JSON');
  }
}

/** Which element of which list of the event a value was found in. */
type Origin = ReadonlyMap<readonly unknown[], number>;

interface Value {
  readonly leaf: Leaf;
  readonly origin: Origin;
}

type ValuesByPath = ReadonlyMap<string, readonly Value[]>;

/** The event's leaves at the asked paths. Lists vanish from the path: their elements are read as alternatives. */
function valuesByPath(event: unknown, asked: ReadonlySet<string>): ValuesByPath {
  const values = new Map<string, Value[]>();
  // A stack of our own: an event nested ten thousand levels deep must not end in a stack overflow.
  const open: { readonly node: unknown; readonly path: string; readonly origin: Origin }[] = [
    { node: event, path: '', origin: new Map() },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path, origin } = next;
    if (Array.isArray(node)) {
      const list: readonly unknown[] = node;
      for (const [index, element] of list.entries())
        open.push({ node: element, path, origin: new Map([...origin, [list, index]]) });
    } else if (isObject(node)) {
      for (const [name, member] of Object.entries(node))
        open.push({ node: member, path: path === '' ? name : `${path}.${name}`, origin });
    } else if (asked.has(path) && isLeaf(node)) {
      const found = values.get(path);
      if (found === undefined) values.set(path, [{ leaf: node, origin }]);
      else found.push({ leaf: node, origin });
    }
  }
  return values;
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Whether every path has a value that passes, all of them out of the same elements of the event's lists. */
function hasAll(alternative: Alternative, values: ValuesByPath): boolean {
  const choices: (readonly Value[])[] = [];
  for (const [path, tests] of alternative) {
    const found = values.get(path);
    if (found === undefined) {
      if (!tests.some((test) => test.kind === 'absent')) return false;
    } else
      choices.push(
        found.filter(({ leaf }) => tests.some((test) => test.kind === 'leaf' && test.accepts(leaf))),
      );
  }
  return canChoose(choices, new Map());
}

function canChoose(choices: readonly (readonly Value[])[], chosen: Origin): boolean {
  const [first, ...rest] = choices;
  if (first === undefined) return true;
  return first.some(
    ({ origin }) =>
      [...origin].every(([list, index]) => (chosen.get(list) ?? index) === index) &&
      canChoose(rest, new Map([...chosen, ...origin])),
  );
}
