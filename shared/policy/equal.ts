import type { Json } from '../model.ts';
import { type CanonicalPolicy, canonicalPolicy, labelledText, partitionOf } from './canonical.ts';
import { divergence } from './meaning.ts';
import { parsePolicy, type PolicyContext } from './parse.ts';

/**
 * Whether two documents mean the same (`equivalent`, which decides about reverting) and whether they also carry the same
 * labels (`identical`, which only informs).
 * @throws {MalformedPolicyError} if either is no policy document
 */
export function comparePolicies(
  a: string | Json,
  b: string | Json,
  context: PolicyContext,
): { equivalent: boolean; identical: boolean } {
  const left = parsePolicy(a, context.kind);
  const right = parsePolicy(b, context.kind);
  const partition = partitionOf(context, [left, right]);
  if (labelledText(left, partition) === labelledText(right, partition))
    return { equivalent: true, identical: true };
  const [first, second] = [canonicalPolicy(left, partition), canonicalPolicy(right, partition)];
  return { equivalent: first.version === second.version && meanTheSame(first, second), identical: false };
}

function meanTheSame(first: CanonicalPolicy, second: CanonicalPolicy): boolean {
  const { shifts, unclear } = divergence(first, second, 1);
  return shifts.length + unclear.before.length + unclear.after.length === 0;
}
