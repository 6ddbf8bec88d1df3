import type { Span, Style } from './terminal.ts';
import { displayWidth, textOf } from './terminal.ts';

type Piece = { readonly text: string; readonly style: Style };

/** However narrow the terminal: below this nothing can be read anyway. */
const leastRoom = 20;

/**
 * Breaks a line into lines of at most `columns`, at spaces where it can. The first line starts with `first`, the others
 * are indented as deep. A command is never broken, or it could not be pasted: where it does not fit, it has a line of its
 * own, as little indented as it takes, and however long.
 */
export function wrap(
  first: readonly Span[],
  spans: readonly Span[],
  columns: number,
): readonly (readonly Span[])[] {
  const indent = first.reduce((sum, span) => sum + displayWidth(textOf(span)), 0);
  const room = Math.max(columns - indent, leastRoom);
  const lines: Span[][] = [];
  let line: Span[] = [...first];
  let used = 0;
  const breakLine = (depth: number) => {
    lines.push(line);
    line = [' '.repeat(depth)];
    used = 0;
  };
  for (const word of wordsOf(spans)) {
    if (used > 0 && used + widthOf(word) > room) breakLine(depthOf(word, indent, columns));
    const [head, ...tail] = word;
    const pieces =
      used > 0 || head === undefined ? word : [{ ...head, text: head.text.trimStart() }, ...tail];
    for (const piece of pieces) {
      for (const [part, width] of cut(piece, room)) {
        if (used > 0 && used + width > room) breakLine(indent);
        append(line, { text: part, style: piece.style });
        used += width;
      }
    }
  }
  return [...lines, line];
}

function depthOf(word: readonly Piece[], indent: number, columns: number): number {
  const [head] = word;
  if (head?.style !== 'command') return indent;
  return Math.max(0, Math.min(indent, columns - displayWidth(head.text.trimStart())));
}

/** One run of colour is one span: a sentence stays findable in what is written. */
function append(line: Span[], piece: Piece): void {
  const last = line.at(-1);
  const joins = typeof last === 'object' && last.style === piece.style;
  if (joins) line[line.length - 1] = { ...piece, text: last.text + piece.text };
  else line.push(piece);
}

/** Words with the spaces before them. A word may change its style in the middle; spaces at the end are dropped. */
function wordsOf(spans: readonly Span[]): readonly (readonly Piece[])[] {
  const words: Piece[][] = [];
  let spaces = '';
  for (const span of spans) {
    const style = typeof span === 'string' ? 'plain' : span.style;
    for (const text of partsOf(textOf(span), style)) {
      if (text.startsWith(' ')) {
        spaces += text;
        continue;
      }
      const last = words.at(-1);
      if (spaces === '' && last !== undefined) last.push({ text, style });
      else words.push([{ text: spaces + text, style }]);
      spaces = '';
    }
  }
  return words;
}

function partsOf(text: string, style: Style): readonly string[] {
  return text.match(style === 'command' ? /^ +|[^ ].*/gs : / +|[^ ]+/g) ?? [];
}

function widthOf(word: readonly Piece[]): number {
  return word.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** A word longer than a line is cut: an ARN may be 2,048 characters long. */
function cut({ text, style }: Piece, room: number): readonly (readonly [part: string, width: number])[] {
  const whole = displayWidth(text);
  if (whole <= room || style === 'command') return [[text, whole]];
  const parts: (readonly [string, number])[] = [];
  let part = '';
  let width = 0;
  for (const character of text) {
    const more = displayWidth(character);
    if (width + more > room && part !== '') {
      parts.push([part, width]);
      part = '';
      width = 0;
    }
    part += character;
    width += more;
  }
  return [...parts, [part, width]];
}
