// Records are about ten levels deep. The limit keeps whoever walks the values later from overflowing the stack.
const deepest = 128;
// 256 MiB of records hold some ten million values. A million bytes of gzip can hold eighty million empty ones, gigabytes once parsed.
const mostValues = 20_000_000;

export type JsonText =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly problem: string };

/** Reads JSON text from outside; `problem` says in words of our own why it cannot be read, and where as far as known. Never throws. */
export function readJsonText(text: string): JsonText {
  const excess = excessIn(text);
  if (excess !== null) return { problem: excess };
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch (error) {
    // The engine's message quotes the text, whatever it holds; only the place is taken from it.
    const position = /at position (\d+)/u.exec(error instanceof Error ? error.message : '')?.[1];
    return {
      problem: position === undefined ? 'not JSON' : `not JSON from ${placeOf(text, Number(position))} on`,
    };
  }
}

/** In text that is JSON this counts brackets and commas outside strings; in other text the answer does not matter. */
function excessIn(text: string): string | null {
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > deepest) return `nested deeper than ${deepest} levels`;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
    else if (character === 0x2c) values += 1;
  }
  return values > mostValues ? `holds more than ${mostValues} values; split it` : null;
}

function placeOf(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
