import { STAR, type Token, tokensOf } from './wildcard.ts';

/**
 * EventBridge refuses a rule whose wildcards can match in too many ways, and publishes neither how it counts nor where the
 * limit lies. AWS's own library for such patterns counts as this does, but for some mixtures that it counts one higher
 * (https://github.com/aws/event-ruler, `MachineComplexityEvaluator`). By that count patterns of 9 are known to be taken and
 * one of 11 to be refused; of 10 nothing is known.
 */
export const MOST_COMPLEX = 9;

/** The beginnings of one pattern that a text may have been found to match: so many of its tokens. */
type Reached = ReadonlySet<number>;

/**
 * In how many ways the wildcards of one field can match at once: how many beginnings of these patterns match the same text,
 * at most. Patterns are counted together, since EventBridge looks for all of a field at the same time.
 *
 * @param enough Once more than that is found, no more is looked for, which bounds the work.
 * @throws {InvalidEventPatternError} for a pattern that is none.
 */
export function wildcardComplexity(patterns: readonly string[], enough: number): number {
  const all = [...new Set(patterns)].map(tokensOf);
  // Of a character that no pattern has, one stands for all.
  const characters = new Set<Token>(['', ...all.flat()]);
  characters.delete(STAR);
  const start = all.map((tokens) => withStars(tokens, [0]));
  const seen = new Set([keyOf(start)]);
  const open = [start];
  let most = 0;
  for (let reached = open.pop(); reached !== undefined; reached = open.pop()) {
    most = Math.max(most, countOf(reached));
    if (most > enough) return most;
    for (const character of characters) {
      const next = all.map((tokens, index) => after(tokens, reached[index] ?? new Set(), character));
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return most;
}

function after(tokens: readonly Token[], reached: Reached, character: Token): Reached {
  return withStars(
    tokens,
    [...reached].flatMap((at) => [
      ...(tokens[at] === character ? [at + 1] : []),
      ...(tokens[at - 1] === STAR ? [at] : []),
    ]),
  );
}

/** A wildcard stands for nothing, too. */
function withStars(tokens: readonly Token[], reached: readonly number[]): Reached {
  return new Set(reached.flatMap((at) => (tokens[at] === STAR ? [at, at + 1] : [at])));
}

/** To have matched nothing yet is no way. */
function countOf(reached: readonly Reached[]): number {
  return reached.reduce((sum, { size }, index) => sum + size - (reached[index]?.has(0) === true ? 1 : 0), 0);
}

function keyOf(reached: readonly Reached[]): string {
  return reached.map((set) => [...set].sort((a, b) => a - b).join(',')).join(';');
}
