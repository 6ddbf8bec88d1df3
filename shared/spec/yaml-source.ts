import { Composer, type CST, type Document, LineCounter, Parser, type YAMLError } from 'yaml';

import type { Json } from '../model.ts';
import { locate, nowhere, type Path, type Place, textAt } from './source-place.ts';
import { readNode, type TextFault } from './yaml-node.ts';

/** A YAML text as JSON, and where in the text each part of it is. */
export interface SpecSource {
  /** undefined where the text is not YAML, or holds nothing. */
  readonly data: Json | undefined;
  readonly faults: readonly TextFault[];
  /** The offset of the value (or key) at a path, or of the nearest thing around it; and the path as the file has it. */
  locate(path: Path, atKey: boolean): { readonly offset: number; readonly path: Path };
  /** The value at a path as a text; null if there is none, or it is a list or a mapping. */
  textAt(path: Path): string | null;
  /** From 1. */
  positionOf(offset: number): { readonly line: number; readonly column: number };
}

// Some 10,000 roles by preset or 2,000 written out; an account has at most 5,000
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const MOST_CHARACTERS = 1_000_000;
const DEEPEST = 64;

/** Reads YAML 1.2 (so also JSON). Never throws: what cannot be read is a fault. Time is linear in the text. */
export function readYaml(text: string): SpecSource {
  const lines = new LineCounter();
  const { data, place, faults } = parse(text, lines);
  return {
    data,
    faults,
    locate: (path, atKey) => locate(place, path, atKey),
    textAt: (path) => textAt(place, path),
    positionOf: (offset) => {
      const { line, col } = lines.linePos(Math.min(offset, text.length));
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}

interface Parsed {
  readonly data: Json | undefined;
  readonly place: Place;
  readonly faults: readonly TextFault[];
}

function parse(text: string, lines: LineCounter): Parsed {
  if (text.length > MOST_CHARACTERS)
    return unreadable({
      offset: 0,
      message: `the file holds ${text.length} characters, and a spec holds at most ${MOST_CHARACTERS}`,
      remedy: 'check that this file is a spec; patterns and presets keep a spec short',
    });
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const forbidden = forbiddenCharacters(text);
  if (forbidden.length > 0) return unreadable(...forbidden);
  const tooDeep = offsetDeeperThan(DEEPEST, tokens);
  if (tooDeep !== null)
    return unreadable({
      offset: tooDeep,
      message: `more than ${DEEPEST} levels of lists and mappings inside one another`,
      remedy: 'check the brackets and the indentation; a spec needs about ten levels',
    });
  const [document, second] = compose(tokens, text.length);
  // A bare `*` is told while reading the nodes, with its place, like every alias that stands for nothing.
  const errors = (document?.errors ?? []).filter(({ code }) => code !== 'BAD_ALIAS');
  const faults = errors.map(yamlFault);
  if (second !== undefined)
    faults.push({
      offset: second.range[0],
      path: [],
      message: 'a second YAML document begins here, and only the first would count',
      remedy: 'keep one document in the file: remove the line "---" or "..." and merge what follows',
    });
  // After an error of syntax the rest may be read askew, and its faults would mislead; a tab does no such harm.
  const isAskew = errors.some(({ code }) => code !== 'TAB_AS_INDENT');
  if (document === undefined || isAskew) return { ...unreadable(), faults };
  const read = readNode(document.contents);
  return { data: read.json, place: read.place, faults: [...faults, ...read.faults] };
}

function unreadable(...faults: readonly Omit<TextFault, 'path'>[]): Parsed {
  return { data: undefined, place: nowhere, faults: faults.map((fault) => ({ ...fault, path: [] })) };
}

// The failsafe schema leaves every scalar a text, so that this room alone decides what it means.
// Duplicate keys are found while reading the nodes: the library compares each key with every other.
function compose(tokens: readonly CST.Token[], end: number): readonly Document.Parsed[] {
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return [...composer.compose(tokens, true, end)].slice(0, 2);
}

// YAML allows none of them; an editor shows none of them.
function forbiddenCharacters(text: string): readonly Omit<TextFault, 'path'>[] {
  const found = /\p{Surrogate}|(?![\t\n\r\u0085])\p{Cc}/u.exec(text);
  if (found === null) return [];
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return [
    {
      offset: found.index,
      message: `the character U+${code} is not allowed in YAML`,
      remedy: 'remove it; if the whole file looks strange, save it as UTF-8 text',
    },
  ];
}

// Composing is recursive, tokenising is not: the depth is measured on the tokens, before any stack can overflow.
function offsetDeeperThan(most: number, tokens: readonly CST.Token[]): number | null {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > most) return token.offset;
    if (token.type === 'document' && token.value !== undefined) open.push({ token: token.value, depth });
    if ('items' in token)
      for (const { key, value } of token.items) {
        if (key !== null && key !== undefined) open.push({ token: key, depth: depth + 1 });
        if (value !== undefined) open.push({ token: value, depth: depth + 1 });
      }
  }
  return null;
}

function yamlFault({ code, message, pos }: YAMLError): TextFault {
  const [offset] = pos;
  if (code === 'TAB_AS_INDENT')
    return {
      offset,
      path: [],
      message: 'a tab is used to indent',
      remedy: 'indent with blanks: YAML allows no tabs',
    };
  return {
    offset,
    path: [],
    message: `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    remedy: 'correct the text here, or before it; check indentation, quotes and brackets',
  };
}
