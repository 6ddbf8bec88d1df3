export type Path = readonly (string | number)[];

/** Where a value stands in the text, with what it holds. */
export interface Place {
  readonly offset: number;
  /** Where its key stands; null in a list and at the root. */
  readonly keyOffset: number | null;
  /** Of a mapping. */
  readonly members: ReadonlyMap<string, Place> | null;
  /** Of a list. */
  readonly items: readonly Place[] | null;
  /** Of a single value, as written. */
  readonly text: string | null;
}

/** The beginning of a file that holds nothing. */
export const nowhere: Place = { offset: 0, keyOffset: null, members: null, items: null, text: null };

/**
 * The offset of a path, or of as much of it as exists. A step by name into a list is left out of the path, because a
 * list may be the short form of a mapping.
 */
export function locate(root: Place, path: Path, atKey: boolean): { offset: number; path: Path } {
  const walked = walk(root, path);
  const { keyOffset, offset } = walked.place;
  return { offset: atKey && walked.complete ? (keyOffset ?? offset) : offset, path: walked.path };
}

/** The value at a path as a text; null if there is none, or it is a list or a mapping. */
export function textAt(root: Place, path: Path): string | null {
  const { place, complete } = walk(root, path);
  return complete ? place.text : null;
}

function walk(root: Place, path: Path): { place: Place; path: Path; complete: boolean } {
  let place = root;
  const walked: (string | number)[] = [];
  for (const [index, step] of path.entries()) {
    if (place.items !== null && typeof step === 'string') continue;
    const next = typeof step === 'string' ? place.members?.get(step) : place.items?.[step];
    if (next === undefined) return { place, path: [...walked, ...path.slice(index)], complete: false };
    walked.push(step);
    place = next;
  }
  return { place, path: walked, complete: true };
}
