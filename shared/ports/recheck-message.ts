import * as z from 'zod/mini';

import type { ReconcileRequest } from '../model.ts';
import { knownCauseSchema, roleRefSchema, triggerSchema } from '../report-schema.ts';

const schema = z.strictObject({
  recheckRole: z.strictObject({
    role: roleRefSchema,
    trigger: triggerSchema,
    causes: z.array(knownCauseSchema),
    recheck: z.int(),
  }),
});

/** The body of the delayed message that asks for a second look. */
export function recheckMessage(request: ReconcileRequest): string {
  return JSON.stringify({ recheckRole: request });
}

/** The request in such a message; null for any other message. A forged one only makes us look at a role. */
export function recheckRequest(message: unknown): ReconcileRequest | null {
  const parsed = schema.safeParse(message);
  return parsed.success ? parsed.data.recheckRole : null;
}
