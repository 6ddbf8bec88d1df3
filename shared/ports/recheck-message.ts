import * as z from 'zod/mini';

import type { ReconcileRequest } from '../model.ts';

const text = z.nullable(z.string());
const actor = z.strictObject({
  type: z.string(),
  arn: text,
  accountId: text,
  userName: text,
  sessionName: text,
  issuerArn: text,
  accessKeyId: text,
  invokedBy: text,
  sourceIpAddress: text,
  userAgent: text,
  mfa: z.nullable(z.boolean()),
});
const cause = z.strictObject({
  eventId: z.string(),
  eventName: z.string(),
  eventTime: z.string(),
  region: z.string(),
  actor,
});
const schema = z.strictObject({
  recheckRole: z.strictObject({
    role: z.strictObject({ accountId: z.string(), partition: z.string(), roleName: z.string() }),
    trigger: z.enum(['event', 'resync', 'operator']),
    causes: z.array(cause),
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
