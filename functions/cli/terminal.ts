/**
 * Text on a terminal. Role names, session names, user agents and policy text may be chosen by an attacker, and a terminal
 * obeys what it prints: escape sequences recolour, move and erase, bidirectional controls reorder, invisible characters hide.
 * So text is handed over as spans, made inert here and only here, and nothing else in the CLI writes control characters.
 */

/** What a terminal may obey, reorder or hide; every blank but the plain space; more than two marks on one letter. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|\p{M}{3,}/gu;

const shortEscapes = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

/** The text with every character that a terminal would obey, reorder or hide written out, such as `\u{1b}` for escape. */
export function inert(text: string): string {
  return text.replace(
    unsafe,
    (found) => shortEscapes.get(found) ?? Array.from(found, codePointEscape).join(''),
  );
}

function codePointEscape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** JSON on one line, or indented: inert on a terminal, and the same value for whoever parses it. */
export function inertJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(unsafe, (found) =>
    found === '\n' ? found : Array.from({ length: found.length }, (_, at) => unitEscape(found, at)).join(''),
  );
}

function unitEscape(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

const codes = {
  plain: null,
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  /** What is to be pasted. */
  command: [36, 39],
  alarm: ['1;31', '22;39'],
} as const;

export type Style = keyof typeof codes;

/** A piece of a line. A bare string has no style. */
export type Span = string | { readonly text: string; readonly style: Style };

export const bold = (text: string): Span => ({ text, style: 'bold' });
export const dim = (text: string): Span => ({ text, style: 'dim' });
export const red = (text: string): Span => ({ text, style: 'red' });
export const green = (text: string): Span => ({ text, style: 'green' });
export const yellow = (text: string): Span => ({ text, style: 'yellow' });
export const cyan = (text: string): Span => ({ text, style: 'cyan' });
export const styled = (style: Style, text: string): Span => ({ text, style });

export interface Paper {
  readonly colour: boolean;
  readonly columns: number;
}

/** One line of text, without its line break: inert, coloured if the paper takes colour. */
export function paint(spans: readonly Span[], paper: Pick<Paper, 'colour'>): string {
  return spans.map((span) => paintSpan(span, paper.colour)).join('');
}

function paintSpan(span: Span, colour: boolean): string {
  const { text, style } = typeof span === 'string' ? { text: span, style: 'plain' as const } : span;
  const code = codes[style];
  return code === null || !colour || text === ''
    ? inert(text)
    : `\u001B[${code[0]}m${inert(text)}\u001B[${code[1]}m`;
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/u;
const mark = /\p{M}/u;

/** The text of a span, not yet inert. */
export function textOf(span: Span): string {
  return typeof span === 'string' ? span : span.text;
}

/** Columns that a text takes on a terminal once it is inert. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of inert(text)) width += mark.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** A text cut to at most `columns`, with an ellipsis where something is missing. */
export function shorten(text: string, columns: number): string {
  if (text.length <= columns && displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 1;
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return `${kept}…`;
}
