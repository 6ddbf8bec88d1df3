import * as z from 'zod/mini';

import type { Approval, Exemption, Resume } from '../ports/controls.ts';

/** What operators have said, read back. */
export const exemptionSchema: z.ZodMiniType<Exemption> = z.strictObject({
  at: z.string(),
  until: z.string(),
  reason: z.string(),
  by: z.string(),
});

export const approvalSchema: z.ZodMiniType<Approval> = z.strictObject({
  at: z.string(),
  roleId: z.string(),
  by: z.string(),
});

export const resumeSchema: z.ZodMiniType<Resume> = z.strictObject({
  at: z.string(),
  incidentId: z.string(),
  by: z.string(),
});
