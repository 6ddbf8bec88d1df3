import type { Spec } from '../../shared/spec/spec.ts';

const NAME = 'spec.json';

/** Where a function finds the spec: Lambda unpacks the code there. */
export const SPEC_FILE = `/var/task/${NAME}`;

/** The spec beside a function's bundle: validated and expanded, so that no function needs a YAML parser. */
export function specFiles(spec: Spec): Readonly<Record<string, string>> {
  return { [NAME]: JSON.stringify(spec) };
}
