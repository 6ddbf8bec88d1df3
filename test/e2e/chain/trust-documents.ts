import * as z from 'zod/mini';

import type { Json, JsonObject } from '../../../shared/model.ts';

const list = z.union([z.array(z.string()), z.string()]);
const documentSchema = z.looseObject({
  Statement: z.array(z.catchall(z.object({ Action: list, Principal: z.record(z.string(), list) }), z.json())),
});

/** An account of somebody else. */
export const STRANGER = '193672423079';

/** The document, and a stranger's account let in. */
export function withBackdoor(document: Json): JsonObject {
  const { Statement, ...rest } = z.parse(documentSchema, document);
  const backdoor = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${STRANGER}:root` },
    Action: 'sts:AssumeRole',
  };
  return z.parse(z.record(z.string(), z.json()), { ...rest, Statement: [...Statement, backdoor] });
}

/** The same meaning in other letters: the order of statements and keys, lists for single values, Sids. */
export function respelled(document: Json): JsonObject {
  const { Statement, ...rest } = z.parse(documentSchema, document);
  const statements = Statement.map(({ Action, Principal, ...others }, index) => ({
    Sid: `Spelled${index}Otherwise`,
    Action: [Action].flat(),
    Principal: Object.fromEntries(Object.entries(Principal).map(([kind, whom]) => [kind, [whom].flat()])),
    ...others,
  }));
  return z.parse(z.record(z.string(), z.json()), { Statement: statements.toReversed(), ...rest });
}
