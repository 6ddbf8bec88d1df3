/**
 * The candidate that was most likely meant: few letters wrong, or only its beginning written; null if none is near.
 * Ignores case. Meant for messages, so it may guess wrong.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  if (word.length === 0 || word.length > 100) return null;
  const wanted = word.toLowerCase();
  let best: string | null = null;
  let fewest = Math.max(1, Math.min(4, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    const distance = wrongLetters(wanted, candidate.toLowerCase(), fewest);
    if (distance < fewest) {
      best = candidate;
      fewest = distance;
    }
  }
  if (best !== null || wanted.length < 3) return best;
  for (const candidate of candidates) if (candidate.toLowerCase().startsWith(wanted)) return candidate;
  return null;
}

/** Letters to insert, delete, replace or swap with their neighbour; anything from `limit` on is as good as `limit`. */
function wrongLetters(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : limit;
      const distance = Math.min(replaced, swapped, at(last, j) + 1, at(row, j - 1) + 1);
      row.push(distance);
      least = Math.min(least, distance);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/** The remedy `did you mean "x"?`; null if nothing is near. */
export function meantInstead(word: string, choices: readonly string[]): string | null {
  const meant = didYouMean(word, choices);
  return meant === null ? null : `did you mean ${JSON.stringify(meant)}?`;
}

/** The remedy for a name that is not among the choices. */
export function suggest(word: string, choices: readonly string[]): string {
  return (
    meantInstead(word, choices) ?? (choices.length === 0 ? 'remove it' : `known here: ${choices.join(', ')}`)
  );
}
