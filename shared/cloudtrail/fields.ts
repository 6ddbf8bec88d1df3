/** Reading fields of untrusted JSON: soft on types, and never an inherited property such as `constructor`. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** undefined where there is no such field of its own, or nothing that has fields. */
export function field(value: unknown, name: string): unknown {
  return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Follows a path of fields; undefined where it breaks off. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(field, value);
}

/** The text as it is; null for what is no text, or empty. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** As `textOf`, and whole numbers as text: tools that convert JSON turn ids such as account ids into numbers. */
export function idOf(value: unknown): string | null {
  return Number.isSafeInteger(value) ? String(value) : textOf(value);
}

/** CloudTrail writes some flags as booleans and some as text, and not always the same ones. */
export function flagOf(value: unknown): boolean | null {
  const flag = typeof value === 'string' ? value.toLowerCase() : value;
  if (flag === true || flag === 'true') return true;
  if (flag === false || flag === 'false') return false;
  return null;
}
