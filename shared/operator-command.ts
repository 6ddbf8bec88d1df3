/**
 * Commands of ours as people paste them into a shell. Each ends its sentence, with ": " before it: a full stop or a comma
 * behind it would be taken along.
 */

/** Any shell takes these as they are. zsh looks for a program where a word begins with "=". */
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

/** @param options As they are to be typed, each with its value. */
export function operatorCommand(
  name: string,
  {
    roleName = null,
    options = [],
  }: { readonly roleName?: string | null; readonly options?: readonly string[] } = {},
): string {
  const words = ['iam-drift', name];
  if (roleName === null) return [...words, ...options].join(' ');
  // IAM allows names such as "--by=x", which would be taken for an option.
  if (roleName.startsWith('-')) return [...words, ...options, '--', shellWord(roleName)].join(' ');
  return [...words, shellWord(roleName), ...options].join(' ');
}

function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A sentence in two: its words, and the command that it ends with; null where it ends with none. */
export function splitCommand(sentence: string): { readonly words: string; readonly command: string | null } {
  const [, words = sentence, command = null] =
    /^(|.*: )(iam-drift [a-z][a-z-]*(?: .*)?)$/.exec(sentence) ?? [];
  return { words, command };
}
