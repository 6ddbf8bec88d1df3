import type { Path } from './source-place.ts';
import type { TextFault } from './yaml-node.ts';
import type { SpecSource } from './yaml-source.ts';

/** Something wrong with a spec: where, what, and what to do about it. Part of the `--json` contract of `validate`. */
export interface SpecFault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Such as `roles[2].managedPolicies.attached[0]`; empty for the file as a whole. */
  readonly place: string;
  /** The text found there; null where there is none or it is no single value. */
  readonly value: string | null;
  /** One sentence without its full stop. */
  readonly message: string;
  /** One sentence without its full stop. */
  readonly remedy: string;
}

/** A fault before it has a position. `path` leads from the root of the file to the place. */
export interface FaultDraft {
  readonly path: Path;
  /** Whether the key itself is at fault, not its value. */
  readonly atKey?: boolean;
  readonly message: string;
  readonly remedy: string;
}

/** Nobody reads more, and a hostile file must not cost more. */
export const mostFaults = 1000;

/** Collects faults; past a thousand it keeps no more. */
export class FaultList {
  readonly #file: string;
  readonly #source: SpecSource;
  readonly #places = new Set<string>();
  readonly #faults: { readonly offset: number; readonly fault: SpecFault }[] = [];

  constructor(file: string, source: SpecSource) {
    this.#file = file;
    this.#source = source;
  }

  get isFull(): boolean {
    return this.#faults.length >= mostFaults;
  }

  /** Takes no more from `drafts` than it keeps. */
  add(drafts: Iterable<FaultDraft>): void {
    for (const draft of drafts) {
      if (this.isFull) return;
      const { offset, path } = this.#source.locate(draft.path, draft.atKey === true);
      this.addAt({ ...draft, offset, path }, draft.atKey === true ? String(path.at(-1)) : undefined);
    }
  }

  /** The same, but nothing more about a place of which something has been told before: it would be an echo. */
  addUnlessTold(drafts: Iterable<FaultDraft>): void {
    const told = new Set(this.#places);
    for (const draft of drafts) {
      if (this.isFull) return;
      if (!told.has(placeText(this.#source.locate(draft.path, false).path))) this.add([draft]);
    }
  }

  /** A fault of the text, at its own offset. */
  addAt({ offset, path, message, remedy }: TextFault, value = this.#source.textAt(path)): void {
    if (this.isFull) return;
    const place = placeText(path);
    this.#places.add(place);
    const position = this.#source.positionOf(offset);
    this.#faults.push({ offset, fault: { file: this.#file, ...position, place, value, message, remedy } });
  }

  /** In the order of the file. */
  inOrder(): readonly SpecFault[] {
    return [...this.#faults].sort((a, b) => a.offset - b.offset).map(({ fault }) => fault);
  }
}

/** One line: `roles.yaml:4:13 roles[0].preset: unknown preset "eks-nod". Did you mean "eks-node"?` */
export function formatFault({ file, line, column, place, message, remedy }: SpecFault): string {
  const what = place === '' ? message : `${place}: ${message}`;
  return printable(`${file}:${line}:${column} ${what}. ${asSentence(remedy)}`);
}

/** A text from outside, in quotes, short, and harmless to a terminal. */
export function quote(text: string): string {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return printable(JSON.stringify(shown));
}

function asSentence(remedy: string): string {
  const sentence = remedy.charAt(0).toUpperCase() + remedy.slice(1);
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

// Escape sequences and characters that turn the direction of writing could make a terminal show something else.
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function placeText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${quote(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
