import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { MalformedPolicyError } from '../../shared/errors.ts';
import { comparePolicies } from '../../shared/policy/equal.ts';

const corpus = process.env['IAM_DRIFT_CORPUS'];
const document = z.union([z.string(), z.record(z.string(), z.json())]);
const cases = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(['trust', 'identity']),
    level: z.enum(['must', 'choice']),
    a: document,
    b: document,
    equivalent: z.boolean(),
    recommended: z.optional(z.boolean()),
    iamValid: z.boolean(),
  }),
);

/** Where we differ from what the corpus leaves open: meaning decides, not text. docs/decisions.md has the reasons. */
const decidedOtherwise = ['crd-01', 'own-072', 'own-151', 'own-157'];

const read = () => cases.parse(JSON.parse(readFileSync(`${corpus ?? ''}/policy-equivalence.json`, 'utf8')));

describe.skipIf(corpus === undefined)('the corpus of policy pairs', () => {
  it('is answered rightly; only what IAM refuses may be refused', () => {
    const wrong = read().filter((pair) => {
      const answer = verdict(pair);
      if (answer === 'refused') return pair.iamValid;
      return answer !== (pair.recommended ?? pair.equivalent);
    });
    expect(wrong.map(({ id }) => id).sort()).toEqual(decidedOtherwise);
  });
});

function verdict({ a, b, kind }: z.infer<typeof cases>[number]): boolean | 'refused' {
  try {
    return comparePolicies(a, b, { kind }).equivalent;
  } catch (error) {
    if (error instanceof MalformedPolicyError) return 'refused';
    throw error;
  }
}
