import { MalformedPolicyError } from '../errors.ts';
import type { Json } from '../model.ts';

/** A policy needs 7 levels. Deeper text is hostile, and unbounded recursion would overflow the stack. */
const maxDepth = 64;
const maxSignificantDigits = 17;

const blanks = /[ \t\n\r]*/y;
// What JSON allows unescaped inside a string (RFC 8259, section 7). One repeated class and no alternation: an expression
// that backtracks would overflow the stack on a line of megabytes.
// oxlint-disable-next-line no-control-regex
const plainToken = /[^"\\\u0000-\u001f]*/y;
const escapeToken = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Reads JSON as strictly as a security decision needs, in linear time: unlike JSON.parse it refuses a member that is
 * given twice (readers disagree on which one counts), numbers that would be rounded, and more than 64 levels.
 * Members named `__proto__` are ordinary members.
 * @throws {MalformedPolicyError} with line and column
 */
export function readJson(text: string): Json {
  const reader = new JsonReader(text);
  return reader.readDocument();
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): Json {
    const value = this.#readValue(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#fault('text after the end of the document');
    return value;
  }

  #readValue(depth: number): Json {
    if (depth > maxDepth) throw this.#fault(`nested more than ${maxDepth} levels deep`);
    this.#skipBlanks();
    const first = this.#text[this.#at];
    if (first === '{') return this.#readObject(depth);
    if (first === '[') return this.#readList(depth);
    if (first === '"') return this.#readString();
    return this.#readWordOrNumber();
  }

  #readObject(depth: number): Json {
    const members = new Map<string, Json>();
    this.#at += 1;
    if (this.#skipOver('}')) return {};
    for (;;) {
      this.#skipBlanks();
      const start = this.#at;
      if (this.#text[this.#at] !== '"') throw this.#fault('expected the name of a member, in double quotes');
      const name = this.#readString();
      if (members.has(name)) {
        this.#at = start;
        throw this.#fault(`the member ${JSON.stringify(name)} is given twice`);
      }
      if (!this.#skipOver(':')) throw this.#fault('expected ":"');
      members.set(name, this.#readValue(depth + 1));
      if (this.#skipOver('}')) break;
      if (!this.#skipOver(',')) throw this.#fault('expected "," or "}"');
    }
    return Object.fromEntries(members);
  }

  #readList(depth: number): Json {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#skipOver(']')) return items;
    for (;;) {
      items.push(this.#readValue(depth + 1));
      if (this.#skipOver(']')) return items;
      if (!this.#skipOver(',')) throw this.#fault('expected "," or "]"');
    }
  }

  #readString(): string {
    this.#at += 1;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.#token(plainToken) ?? '');
      if (this.#text[this.#at] === '"') break;
      const escape = this.#token(escapeToken);
      if (escape === null)
        throw this.#fault('a string that does not end, or holds a control character or a bad escape');
      const character: unknown = JSON.parse(`"${escape}"`);
      parts.push(String(character));
    }
    this.#at += 1;
    return parts.join('');
  }

  #readWordOrNumber(): Json {
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const start = this.#at;
    const token = this.#token(numberToken);
    if (token === null) {
      throw this.#fault(this.#at < this.#text.length ? 'expected a value' : 'the text ends too early');
    }
    const value = Number(token);
    if (!isFaithful(token, value)) {
      this.#at = start;
      throw this.#fault(`the number ${token.slice(0, 40)} would be rounded; write it in double quotes`);
    }
    return value;
  }

  #token(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0] ?? null;
    if (token !== null) this.#at += token.length;
    return token;
  }

  #skipBlanks(): void {
    this.#token(blanks);
  }

  #skipOver(mark: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #fault(message: string): MalformedPolicyError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    const column = this.#at - before.lastIndexOf('\n');
    return new MalformedPolicyError(`not a policy document: ${message} (line ${line}, column ${column})`, '');
  }
}

/** Whether the number that JavaScript made of a text still means that text. */
function isFaithful(token: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  const digits = token
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  return digits.length <= maxSignificantDigits;
}
