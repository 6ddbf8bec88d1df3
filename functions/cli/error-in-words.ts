/**
 * What went wrong, for a person. Of a zod error, whose message is JSON, where the data is not as expected: told without
 * zod, which most commands do not need.
 */
export function errorInWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('issues' in error && Array.isArray(error.issues))
    return `data is not in the shape that this version knows: ${error.issues.map(issueInWords).join('; ')}`;
  return error.message || error.name;
}

function issueInWords(issue: unknown): string {
  if (typeof issue !== 'object' || issue === null) return 'unknown';
  const message = 'message' in issue && typeof issue.message === 'string' ? issue.message : 'invalid';
  const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
  return path === '' ? message : `at ${path}: ${message}`;
}
