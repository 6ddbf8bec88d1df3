import type { Json } from '../model.ts';
import { canonicalPolicy, labelledText, partitionOf } from './canonical.ts';
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
  const equivalent =
    first.version === second.version &&
    first.statements.size === second.statements.size &&
    [...first.statements.keys()].every((statement) => second.statements.has(statement));
  return { equivalent, identical: false };
}
