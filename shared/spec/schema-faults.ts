import * as z from 'zod/mini';

import { meantInstead, suggest } from './did-you-mean.ts';
import { keysAt } from './schema-keys.ts';
import { type FaultDraft, quote } from './spec-fault.ts';

type Issue = z.core.$ZodIssue;
type Path = FaultDraft['path'];
type Told = Pick<FaultDraft, 'message' | 'remedy'>;

/** What is checked against what; `at` is the path of `data` in the file. */
interface Check {
  readonly schema: z.ZodMiniType;
  readonly data: unknown;
  readonly at: Path;
}

/** How `data` departs from a schema, in words. `at` is the path of `data` in the file. */
export function schemaFaults(schema: z.ZodMiniType, data: unknown, at: Path): readonly FaultDraft[] {
  const issues = issuesOf(schema, data);
  if (issues !== null) return issues.flatMap((issue) => translate(issue, [], { schema, data, at }));
  return [{ path: at, message: 'too much is wrong here to be told', remedy: 'compare it with an example' }];
}

// zod hands the issues of a member up as arguments of a call, and some 100,000 of them overflow the stack.
function issuesOf(schema: z.ZodMiniType, data: unknown): readonly Issue[] | null {
  try {
    return z.safeParse(schema, data).error?.issues ?? [];
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** An issue's path begins at `base`: the issues inside a union's begin anew. */
function translate(issue: Issue, base: Path, check: Check): readonly FaultDraft[] {
  const path = [...base, ...steps(issue.path)];
  const place = [...check.at, ...path];
  const found = valueAt(check.data, path);
  const name = String(path.at(-1));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, keysAt(check.schema, path), [...place, key]));
    case 'invalid_union':
      return translateUnion(issue, path, check);
    case 'invalid_type':
      return [{ path: place, ...wrongType([kindWords(issue.expected)], found, place) }];
    case 'invalid_value':
      return [{ path: place, ...wrongValue(issue.values.map(String), found, name) }];
    case 'invalid_key':
      return issue.issues.map((inner) => ({
        path: place,
        atKey: true,
        message: `the key ${quote(name)} ${ruleOf(inner)}`,
        remedy: 'correct it',
      }));
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
    case 'invalid_format':
    case 'invalid_element':
    case 'custom':
    default:
      return [{ path: place, message: `${describe(found)} ${ruleOf(issue)}`, remedy: 'correct it' }];
  }
}

/** Of the alternatives, the one that was most likely meant is taken, and what departs from it is told. */
function translateUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  check: Check,
): readonly FaultDraft[] {
  const nearest = issue.errors
    .flatMap((issues) => {
      const distance = misfit(issues);
      return distance === null ? [] : [{ issues, distance }];
    })
    .sort((a, b) => a.distance - b.distance)
    .at(0);
  if (nearest !== undefined) return nearest.issues.flatMap((inner) => translate(inner, path, check));
  const kinds = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [kindWords(inner.expected)] : []));
  return [
    {
      path: [...check.at, ...path],
      ...wrongType([...new Set(kinds)], valueAt(check.data, path), [...check.at, ...path]),
    },
  ];
}

/** How far a value is from one branch of a union; null where it is of another kind altogether. */
function misfit(issues: readonly Issue[]): number | null {
  if (issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0)) return null;
  // Keys tell best what was meant: `{oneOf: [1, 2]}` is a wrong `oneOf`, however many items are wrong.
  const unknownKeys = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  return issues.length + 1000 * unknownKeys.length;
}

function wrongType(kinds: readonly string[], found: unknown, place: Path): Told {
  const expected = inWords(kinds);
  if (found === undefined)
    return { message: `${quote(String(place.at(-1)))} is missing`, remedy: `add it: ${expected}` };
  if (found === null) {
    const remedy = place.length === 0 ? beginning : 'write a value, or remove the key';
    return { message: `nothing is written here, expected ${expected}`, remedy };
  }
  const message = `expected ${expected}, found ${describe(found)}`;
  return { message, remedy: remedyFor(kinds, found, place) ?? `write ${expected}` };
}

const beginning = 'begin it with "version: 1" and "roles:", as in infra/spec/roles.yaml';

/** Where it can be told what was meant. */
function remedyFor(kinds: readonly string[], found: unknown, place: Path): string | null {
  if (kinds.includes('a text') && (typeof found === 'number' || typeof found === 'boolean'))
    return `put it in quotes: "${String(found)}"`;
  if (place.length === 0) return beginning;
  if (typeof found !== 'string' || !kinds.includes('a mapping')) return null;
  if (place.length === 2 && place[0] === 'roles') return `write {name: ${quote(found)}}`;
  return /^\s*\{/.test(found)
    ? 'take it out of its quotes: the document itself belongs here, not its text'
    : null;
}

function wrongValue(values: readonly string[], found: unknown, name: string): Told {
  const expected = inWords(values);
  if (found === undefined) return { message: `${quote(name)} is missing`, remedy: `add it: ${expected}` };
  const meant = typeof found === 'string' ? meantInstead(found, values) : null;
  return {
    message: `expected ${expected}, found ${describe(found)}`,
    remedy: values.length > 1 && meant !== null ? meant : `write ${expected}`,
  };
}

function unknownKey(key: string, known: readonly string[], path: Path): FaultDraft {
  return { path, atKey: true, message: `unknown key ${quote(key)}`, remedy: suggest(key, known) };
}

function ruleOf(issue: Issue): string {
  const unit = 'origin' in issue && issue.origin === 'array' ? 'hold' : 'be';
  if (issue.code === 'too_small') return `must ${unit} at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `must ${unit} at most ${String(issue.maximum)}`;
  return issue.message === 'Invalid input' ? 'does not have the right form' : issue.message;
}

/** `a`, `a or b`, `a, b or c`. */
function inWords(choices: readonly string[]): string {
  return [choices.slice(0, -1).join(', '), choices.at(-1) ?? ''].filter((part) => part !== '').join(' or ');
}

function kindWords(kind: string): string {
  switch (kind) {
    case 'string':
      return 'a text';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'a mapping';
    case 'int':
      return 'a whole number';
    default:
      return `a ${kind}`;
  }
}

function describe(found: unknown): string {
  if (found === null || found === undefined) return 'nothing';
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  if (typeof found === 'string') return quote(found);
  return typeof found === 'object' ? 'a mapping' : `the ${typeof found} ${JSON.stringify(found)}`;
}

function steps(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, step)?.value
        : undefined,
    data,
  );
}
