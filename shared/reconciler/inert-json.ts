import type { Json } from '../model.ts';

// What is not ASCII, and what a mail or chat program makes markup, a mention, an address or one blank of.
const CHANGED_BY_OTHERS = /[^\n -~]|[<>@]|(?<=:)\/(?=\/)|(?<=www)\.|(?<=\S +) /gi;

/** Indented JSON that stays itself in a mail or chat program, for people to copy: there is markup in no text of it. */
export function inertJson(value: Json): string {
  return JSON.stringify(value, null, 2).replace(
    CHANGED_BY_OTHERS,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
