import type { Access, Actor, Json, ReconcileReport } from '../model.ts';
import { clip, isPlainName, named } from './escape.ts';

/** A shorter text imitates nothing, and quoting its every occurrence would make our sentences unreadable. */
const shortest = 4;
/** Enough for any honest report; a hostile one gains nothing by more. */
const mostTexts = 500;
/** A text is known by its beginning, a sentence is shown no longer than this: hostile sizes must not cost time. */
const longest = { beginning: 100, sentence: 1000 } as const;

/**
 * Quotes in a sentence of ours what others chose. The sentences of a report come ready made, but the report also holds the
 * names and policy texts they are made of: where one of those that is no plain name stands in a sentence, it is put in
 * quotes, so that a resource such as `x. Put back and verified` cannot speak for us.
 */
export function quoteOthersWords(report: ReconcileReport): (sentence: string) => string {
  const others = [...new Set(othersTexts(report))]
    .filter((text) => text.length >= shortest && !isPlainName(text))
    .sort((a, b) => b.length - a.length)
    .slice(0, mostTexts)
    .map((text) => ({ length: text.length, beginning: text.slice(0, longest.beginning) }));
  return (sentence) => quoted(clip(sentence, longest.sentence), others);
}

function quoted(
  sentence: string,
  others: readonly { readonly length: number; readonly beginning: string }[],
): string {
  const parts: string[] = [];
  const present = others.filter(({ beginning }) => sentence.includes(beginning));
  for (let at = 0; at < sentence.length;) {
    const start = at;
    const other = present.find(({ beginning }) => sentence.startsWith(beginning, start));
    const end = at + (other?.length ?? 1);
    parts.push(other === undefined ? sentence.slice(at, end) : named(sentence.slice(at, end)));
    at = end;
  }
  return parts.join('');
}

function othersTexts(report: ReconcileReport): readonly string[] {
  return [
    report.role.roleName,
    ...report.causes.flatMap(({ actor }) => actorTexts(actor)),
    ...report.drift.differences.flatMap(({ expected, actual, access }) => [
      ...[...access.gained, ...access.lost].flatMap(accessTexts),
      ...documentTexts(expected),
      ...documentTexts(actual),
    ]),
  ];
}

function actorTexts(actor: Actor): readonly string[] {
  return Object.values(actor).filter((value) => typeof value === 'string');
}

function accessTexts({ principal, resource, actions, conditions }: Access): readonly string[] {
  return [
    ...(principal === undefined ? [] : [principal, principal.replace(/^[A-Za-z]+:/, '')]),
    ...(resource === undefined ? [] : [resource]),
    ...actions,
    ...Object.values(conditions).flatMap((keys) => [...Object.keys(keys), ...Object.values(keys).flat()]),
  ];
}

/** Every text in a document, members' names among them. */
function documentTexts(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...documentTexts(member)]);
}
