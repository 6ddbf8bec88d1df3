import * as z from 'zod/mini';

import type { Approval, Exemption, Resume } from '../ports/controls.ts';

/** What is no time would compare as neither before nor after, and hold or release for ever. */
const time = z
  .string()
  .check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time, ISO 8601'));

/** What operators have said, read back. */
export const exemptionSchema: z.ZodMiniType<Exemption> = z.strictObject({
  at: time,
  until: time,
  reason: z.string(),
  by: z.string(),
});

export const approvalSchema: z.ZodMiniType<Approval> = z.strictObject({
  at: time,
  roleId: z.string(),
  by: z.string(),
});

export const resumeSchema: z.ZodMiniType<Resume> = z.strictObject({
  at: time,
  incidentId: z.string(),
  by: z.string(),
});
