import * as z from 'zod/mini';

import { meantInstead, suggest } from './did-you-mean.ts';
import { keysAt } from './schema-keys.ts';
import { type FaultDraft, quote } from './spec-fault.ts';

type Issue = z.core.$ZodIssue;
type Path = FaultDraft['path'];

// Keys that the format foresees; those of them that no aspect knows yet are told apart from mistakes.
const foreseen = new Set([
  'inlinePolicies',
  'permissionsBoundary',
  'maxSessionDuration',
  'podIdentityAssociations',
  'instanceProfile',
  'tags',
  'description',
  'document',
]);

/** What `data` does not have in common with a schema, in words. `at` is the path of `data` in the file. */
export function schemaFaults(schema: z.ZodMiniType, data: unknown, at: Path): readonly FaultDraft[] {
  const { error } = z.safeParse(schema, data);
  if (error === undefined) return [];
  const translate = (issue: Issue, base: readonly PropertyKey[]): FaultDraft[] => {
    const path = steps([...base, ...issue.path]);
    const found = valueAt(data, path);
    const fault = (message: string, remedy: string): FaultDraft[] => [
      { path: [...at, ...path], message, remedy },
    ];
    switch (issue.code) {
      case 'invalid_type':
        return fault(...wrongType([kindWords(issue.expected)], found, path));
      case 'invalid_value':
        return fault(
          ...oneOf(
            issue.values.map((value) => (typeof value === 'string' ? value : String(value))),
            found,
            path,
          ),
        );
      case 'unrecognized_keys':
        return issue.keys.map((key) => unknownKey(key, keysAt(schema, path), [...at, ...path, key]));
      case 'invalid_union':
        return translateUnion(issue, [...base, ...issue.path]);
      case 'invalid_key':
      case 'invalid_element':
        return issue.issues.flatMap((inner) =>
          translate({ ...inner, path: [] }, [...base, ...issue.path]).map((draft) => ({
            ...draft,
            atKey: issue.code === 'invalid_key',
            message: `the key ${quote(String(path.at(-1)))} ${ruleOf(inner)}`,
          })),
        );
      case 'too_small':
      case 'too_big':
      case 'not_multiple_of':
      case 'invalid_format':
      case 'custom':
      default:
        return fault(`${describe(found)} ${ruleOf(issue)}`, 'correct it');
    }
  };
  const translateUnion = (
    issue: z.core.$ZodIssueInvalidUnion,
    base: readonly PropertyKey[],
  ): FaultDraft[] => {
    const path = steps(base);
    const found = valueAt(data, path);
    const branches = issue.errors.map((issues) => ({ issues, misfit: misfit(issues) }));
    const fitting = branches.filter((branch) => branch.misfit !== null);
    const nearest = fitting.sort((a, b) => (a.misfit ?? 0) - (b.misfit ?? 0)).at(0);
    if (nearest !== undefined) return nearest.issues.flatMap((inner) => translate(inner, base));
    const kinds = issue.errors.flatMap((issues) =>
      issues.flatMap((inner) => (inner.code === 'invalid_type' ? [kindWords(inner.expected)] : [])),
    );
    const [message, remedy] = wrongType([...new Set(kinds)], found, path);
    return [{ path: [...at, ...path], message, remedy }];
  };
  return error.issues.flatMap((issue) => translate(issue, []));
}

/** How far a value is from one branch of a union; null where it is of another kind altogether. */
function misfit(issues: readonly Issue[]): number | null {
  if (issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0)) return null;
  return issues
    .map((issue) => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1))
    .reduce((sum, count) => sum + count, 0);
}

function wrongType(kinds: readonly string[], found: unknown, path: Path): [string, string] {
  const expected = kinds.join(' or ');
  if (found === undefined) return [`${quote(String(path.at(-1)))} is missing`, `add it: ${expected}`];
  if (found === null)
    return [`nothing is written here, expected ${expected}`, 'write a value, or remove the key'];
  if (kinds.includes('a text') && (typeof found === 'number' || typeof found === 'boolean'))
    return [`expected a text, found ${describe(found)}`, `put it in quotes: "${String(found)}"`];
  return [`expected ${expected}, found ${describe(found)}`, `write ${expected}`];
}

function oneOf(values: readonly string[], found: unknown, path: Path): [string, string] {
  if (found === undefined)
    return [`${quote(String(path.at(-1)))} is missing`, `add it: ${values.join(' or ')}`];
  if (values.length === 1)
    return [`expected ${values.join()}, found ${describe(found)}`, `write ${values.join()}`];
  return [
    `expected ${values.join(' or ')}, found ${describe(found)}`,
    (typeof found === 'string' ? meantInstead(found, values) : null) ?? `write ${values.join(' or ')}`,
  ];
}

/** A key that does not belong: not supported yet, or a mistake. */
export function unknownKey(key: string, known: readonly string[], path: Path): FaultDraft {
  return foreseen.has(key)
    ? {
        path,
        atKey: true,
        message: `${quote(key)} is not supported yet by this version`,
        remedy: 'remove it, or use a version that supports it',
      }
    : { path, atKey: true, message: `unknown key ${quote(key)}`, remedy: suggest(key, known) };
}

function ruleOf(issue: Issue): string {
  const unit = 'origin' in issue && issue.origin === 'array' ? 'hold' : 'be';
  if (issue.code === 'too_small') return `must ${unit} at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `must ${unit} at most ${String(issue.maximum)}`;
  return issue.message === 'Invalid input' ? 'does not have the right form' : issue.message;
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
