import { InvalidEventPatternError } from './invalid-event-pattern.ts';

export const STAR = Symbol('*');
/** One character of a wildcard pattern, or what stands for any. */
export type Token = string | typeof STAR;

/**
 * EventBridge's wildcard matching: `*` stands for any characters, also none; `\*` and `\\` for themselves.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws {InvalidEventPatternError} for `**` and for another escape.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  return (text) => isMatch(tokens, text);
}

/** @throws {InvalidEventPatternError} for `**` and for another escape. */
export function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '\\') {
      at += 1;
      const escaped = pattern.charAt(at);
      if (escaped !== '*' && escaped !== '\\')
        throw new InvalidEventPatternError(`Invalid escape character at pos ${at - 1}`);
      tokens.push(escaped);
    } else if (character === '*') {
      if (tokens.at(-1) === STAR)
        throw new InvalidEventPatternError(`Consecutive wildcard characters at pos ${at}`);
      tokens.push(STAR);
    } else tokens.push(character);
  }
  return tokens;
}

// Linear but for the last wildcard, which is the only one that ever needs to be tried again: no text can stall it.
function isMatch(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let retryToken = -1;
  let retryAt = 0;
  while (at < text.length) {
    if (tokens[token] === STAR) {
      token += 1;
      retryToken = token;
      retryAt = at;
    } else if (tokens[token] === text.charAt(at)) {
      token += 1;
      at += 1;
    } else if (retryToken >= 0) {
      retryAt += 1;
      token = retryToken;
      at = retryAt;
    } else return false;
  }
  while (tokens[token] === STAR) token += 1;
  return token === tokens.length;
}
