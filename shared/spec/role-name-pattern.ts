/** Whether a name in the spec stands for many roles. `*` and `?` cannot occur in a role's name. */
export function isPattern(name: string): boolean {
  return name.includes('*') || name.includes('?');
}

/** Whether a role's name fits a pattern: `*` is any text, `?` is one character, case is ignored as in IAM. */
export function matchesPattern(pattern: string, roleName: string): boolean {
  return globMatches(pattern.toLowerCase(), roleName.toLowerCase());
}

/**
 * Whether every name that fits `later` also fits `earlier`, so that `later` can never be reached behind it.
 * Certain when true; some odd spellings, such as `*a` behind `?*`, are covered without being recognised.
 */
export function coversPattern(earlier: string, later: string): boolean {
  return globMatches(tidy(earlier), tidy(later));
}

// "*?*" and "?*" mean the same; one spelling for both lets two patterns be compared character by character.
function tidy(pattern: string): string {
  return pattern
    .toLowerCase()
    .replaceAll(/[*?]+/g, (run) => (run.includes('*') ? `${run.replaceAll('*', '')}*` : run));
}

// Iterative with one point of return: no pattern, however hostile, makes it slower than length × length.
// `text` may be a pattern itself: its `*` is then a character that only `*` takes, its `?` one that `?` takes too.
function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let afterStar = -1;
  let starTookUntil = 0;
  while (at < text.length) {
    if (inPattern < pattern.length && pattern[inPattern] === '*') {
      inPattern += 1;
      afterStar = inPattern;
      starTookUntil = at;
    } else if (inPattern < pattern.length && takes(pattern[inPattern], text[at])) {
      inPattern += 1;
      at += 1;
    } else if (afterStar >= 0) {
      inPattern = afterStar;
      starTookUntil += 1;
      at = starTookUntil;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}

function takes(inPattern: string | undefined, inText: string | undefined): boolean {
  if (inText === '*') return false;
  return inPattern === '?' || inPattern === inText;
}
