/** Patterns of some hundred characters never need more steps than this; hostile ones would, and count as unrelated. */
const freeSteps = 100_000;
const maxStepsPerCharacter = 8;

// Stand-ins for what IAM's variables write: ${*}, ${?} and ${$} are plain characters, any other ${…} is an unknown text
// (IAM user guide, policy variables). \u0005 escapes a stand-in, or our mark for "absent", that the text itself holds.
// oxlint-disable-next-line no-control-regex
const marks = /[\u0000-\u0005]/g;
// oxlint-disable-next-line no-control-regex
const marksAndVariables = /[\u0000-\u0005]|\$\{[*?$]\}|\$\{/g;
// oxlint-disable-next-line no-control-regex
const decoded = /\u0005?[\u0000-\u0005]/g;
const standIns = new Map([
  ['${*}', '\u0001'],
  ['${?}', '\u0002'],
  ['${$}', '\u0003'],
  ['${', '\u0004{'],
]);
const writtenAs = new Map([
  ['\u0001', '${*}'],
  ['\u0002', '${?}'],
  ['\u0003', '${$}'],
  ['\u0004', '$'],
]);
const variable = '\u0004';

/** The text with its variables told apart from plain text: only version 2012-10-17 has any. */
export function toLiteral(text: string, version: string): string {
  return text.replace(
    version === '2012-10-17' ? marksAndVariables : marks,
    (found) => standIns.get(found) ?? `\u0005${found}`,
  );
}

/** The text as a pattern, each written in one way only: "**" means "*", and "*?" means "?*". */
export function toPattern(text: string, version: string): string {
  return toLiteral(text, version).replace(/[*?]*\*[*?]*/g, (run) => `${run.replaceAll('*', '')}*`);
}

/** The pattern as it was written, runs of wildcards aside. */
export function patternText(pattern: string): string {
  return pattern.replace(decoded, (found) => writtenAs.get(found) ?? found.slice(1));
}

export function isWild(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

export function hasVariable(pattern: string): boolean {
  return pattern.includes(variable);
}

/** Whether `outer` surely matches everything that `inner` matches. `*` stands for any text, `?` for one character. */
export function covers(outer: string, inner: string): boolean {
  if (outer === inner || outer === '*') return true;
  if (!isWild(outer)) return false;
  // How many characters a variable stands for is unknown.
  if (outer.includes('?') && hasVariable(inner)) return false;
  let star = -1;
  let resumeAt = 0;
  let steps = 0;
  let o = 0;
  let i = 0;
  const maxSteps = freeSteps + maxStepsPerCharacter * (outer.length + inner.length);
  while (i < inner.length) {
    steps += 1;
    if (outer[o] === '*') {
      star = o;
      resumeAt = i;
      o += 1;
    } else if (o < outer.length && (outer[o] === inner[i] || (outer[o] === '?' && inner[i] !== '*'))) {
      o += 1;
      i += 1;
    } else if (star >= 0 && steps < maxSteps) {
      o = star + 1;
      resumeAt += 1;
      i = resumeAt;
    } else {
      return false;
    }
  }
  while (outer[o] === '*') o += 1;
  return o === outer.length;
}

/** Whether no text can match both, as far as their beginnings tell. */
export function areApart(one: string, other: string): boolean {
  const a = /^[^*?]*/.exec(one)?.[0] ?? '';
  const b = /^[^*?]*/.exec(other)?.[0] ?? '';
  return !a.startsWith(b) && !b.startsWith(a);
}
