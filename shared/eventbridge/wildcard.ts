import { InvalidEventPatternError } from './invalid-event-pattern.ts';

const STAR = Symbol('*');
type Token = string | typeof STAR;

// EventBridge refuses patterns whose wildcards can match in too many ways, without publishing where the limit lies.
// This stands for it: so many wildcards that wait for the same character.
const MOST_ALIKE = 4;

/**
 * EventBridge's wildcard matching: `*` stands for any characters, also none; `\*` and `\\` for themselves.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws {InvalidEventPatternError} for `**`, for another escape, and where the pattern is too complex.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  if (isTooComplex(tokens))
    throw new InvalidEventPatternError(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  return (text) => isMatch(tokens, text);
}

function tokensOf(pattern: string): readonly Token[] {
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

function isTooComplex(tokens: readonly Token[]): boolean {
  const waiting = new Map<Token, number>();
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token !== STAR || next === undefined) continue;
    const alike = (waiting.get(next) ?? 0) + 1;
    if (alike > MOST_ALIKE) return true;
    waiting.set(next, alike);
  }
  return false;
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
