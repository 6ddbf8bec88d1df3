import * as z from 'zod/mini';

/** Something that an operator has said and that others should know. */
export interface Announcement {
  /** ULID. */
  readonly id: string;
  readonly accountId: string;
  readonly did: 'exempt' | 'endExemption' | 'approve' | 'resume' | 'pause' | 'unpause';
  /** null where it is about all roles. */
  readonly roleName: string | null;
  /** As the operator's command line says; null where the reason tells. */
  readonly by: string | null;
  readonly reason: string | null;
  /** ISO 8601. */
  readonly until: string | null;
}

const text = z.nullable(z.string());
const schema: z.ZodMiniType<{ readonly announcement: Announcement }> = z.strictObject({
  announcement: z.strictObject({
    id: z.string().check(z.minLength(1), z.maxLength(64)),
    accountId: z.string(),
    did: z.enum(['exempt', 'endExemption', 'approve', 'resume', 'pause', 'unpause']),
    roleName: text,
    by: text,
    reason: text,
    until: text,
  }),
});

/** The body of the message that asks for it to be told. */
export function announcementMessage(announcement: Announcement): string {
  return JSON.stringify({ announcement });
}

/** The announcement in such a message; null for any other message. */
export function announcementIn(message: unknown): Announcement | null {
  const parsed = schema.safeParse(message);
  return parsed.success ? parsed.data.announcement : null;
}
