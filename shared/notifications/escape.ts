/**
 * Text that others chose (names, user agents, Sids, policy text), made harmless: one function per medium.
 *
 * Three dangers are the same everywhere and `visible` ends them: a text that breaks out of its line, a text that hides
 * or reorders its neighbours, and an address that a reader's program would turn into a link. The rest is the medium's own.
 */

/**
 * What may be shown as it is: printable ASCII, letters of scripts that run from left to right and that IAM's own fields
 * and tags are written in, and the few typographic marks of our own sentences. An allow-list, because Unicode keeps growing
 * and every new invisible character would be a hole in a deny-list. The Hangul fillers are letters that show nothing.
 */
const hidden =
  /[^ -~\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}…·–—→×“”‘’]|[\u115f\u1160\u3164\uffa0]/gu;

const shortEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const escapeOf = (character: string): string => {
  const codePoint = character.codePointAt(0) ?? 0;
  const hex = codePoint.toString(16);
  return shortEscapes.get(character) ?? (hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`);
};

/**
 * One line in which every character shows, left to right: the others are written as escapes, such as `\u202e`.
 * Runs of spaces become one: padding would push a forged sentence to what looks like a line of its own.
 * Addresses are broken (`https[:]//`), so that no mail or chat program makes a link of them.
 */
export function visible(text: string): string {
  return text
    .replace(hidden, escapeOf)
    .replace(/ {2,}/g, ' ')
    .replaceAll('://', '[:]//')
    .replace(/www\./gi, (www) => `${www.slice(0, -1)}[.]`);
}

/**
 * A name inside a sentence of ours. IAM's own names stand as they are; anything with a space or an odd character is put in
 * quotes that it cannot close, so that a name such as `alice, with MFA` cannot pass for our words.
 */
export function named(text: string): string {
  const short = clip(text, longestName);
  return isPlainName(short) ? visible(short) : `"${visible(short.replace(/["\\]/g, '\\$&'))}"`;
}

/** Whether a text is so plain that no reader can take it for words. */
export function isPlainName(text: string): boolean {
  return /^[\w+=,.@:/*?${}-]+$/.test(text);
}

/** Room for any ARN that IAM makes itself. */
const longestName = 200;

/** `@here` and its kin call a whole channel where a workspace still links bare names. */
const broadcast = /@(?=(?:here|channel|everyone|group)(?![\w]|[.-]\w))/gi;

/**
 * For Slack's `plain_text` objects and `rich_text` elements, which parse no markup. Angle brackets are escaped nevertheless,
 * as JSON would: the same text then stays inert when somebody copies it into a message.
 */
export function slackLiteral(text: string): string {
  return visible(text).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replace(broadcast, '\\u0040');
}

/**
 * For Slack's top-level `text`, which is parsed as mrkdwn. `&`, `<` and `>` are the control characters that Slack asks to
 * escape (https://docs.slack.dev/messaging/formatting-message-text/#escaping).
 */
export function slackMrkdwn(text: string): string {
  return mrkdwnOfVisible(visible(text));
}

/** The same for a text whose every part has been made visible, and which may hold our own line breaks and addresses. */
export function mrkdwnOfVisible(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', '\\u0060')
    .replace(broadcast, '\\u0040');
}

/**
 * For a text that Slack or Microsoft Teams parses, each by its own kind of markdown. Emphasis by `_` is left: names are full
 * of it, and it can forge nothing.
 */
export function chatMarkdown(text: string): string {
  return slackMrkdwn(text).replace(/[*~[\]#]/g, escapeOf);
}

/**
 * An SNS subject: printable ASCII, less than 100 characters, beginning with a letter, digit or punctuation mark
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export function emailSubject(text: string): string {
  const ascii = visible(text)
    .trim()
    .replaceAll('…', '...')
    .replace(/[–—]/g, '-')
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[^ -~]/gu, escapeOf);
  return ascii.length < 100 ? ascii : `${ascii.slice(0, 96)}...`;
}

/** One segment of an address. Also escapes what `encodeURIComponent` leaves: mail programs cut a link there, chat programs read markup. */
export function urlSegment(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** JSON text of the same value in which nothing can hide or break a line: all but printable ASCII is escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** At most `max` characters, saying how many were left out. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = Math.max(0, max - 24);
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(kept - 1));
  const end = splitsPair ? kept - 1 : kept;
  return `${text.slice(0, end)}… (+${text.length - end} characters)`;
}
