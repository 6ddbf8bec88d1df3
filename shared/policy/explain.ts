import type { Access, AccessDelta, Json } from '../model.ts';
import { canonicalPolicy, partitionOf } from './canonical.ts';
import { parsePolicy, type PolicyContext, type Statement } from './parse.ts';

/**
 * What `actual` allows that `expected` does not (gained), and the reverse (lost). null: no policy at all.
 * @throws {MalformedPolicyError} if either is no policy document
 */
export function explainAccess(
  expected: string | Json | null,
  actual: string | Json | null,
  context: PolicyContext,
): AccessDelta {
  const documents = [expected, actual].map((given) =>
    parsePolicy(given ?? { Statement: null }, context.kind),
  );
  const partition = partitionOf(context, documents);
  const [before, after] = documents.map((document) => canonicalPolicy(document, partition).statements);
  if (before === undefined || after === undefined) return { gained: [], lost: [] };
  return { gained: grants(after, before, 'can now'), lost: grants(before, after, 'can no longer') };
}

function grants(
  these: ReadonlyMap<string, Statement>,
  those: ReadonlyMap<string, Statement>,
  verb: string,
): Access[] {
  return [...these]
    .filter(([text]) => !those.has(text))
    .flatMap(([, statement]) =>
      (statement.principal ?? []).map((principal) => ({
        principal,
        actions: statement.action ?? [],
        conditions: {},
        text: `${principal} ${verb} assume this role`,
      })),
    );
}
