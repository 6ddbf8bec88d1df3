import * as z from 'zod/mini';

import type { Incident } from '../ports/ledger.ts';
import {
  causeSchema,
  incidentResultSchema,
  reportSchema,
  roleRefSchema,
  specPositionSchema,
} from '../report-schema.ts';

/** A stored incident, read back. */
export const incidentSchema: z.ZodMiniType<Incident> = z.object({
  incidentId: z.string(),
  role: roleRefSchema,
  openedAt: z.string(),
  spec: specPositionSchema,
  causes: z.array(causeSchema),
  before: z.record(z.string(), z.json()),
  found: z.array(z.record(z.string(), z.json())),
  plan: z.array(
    z.strictObject({ action: z.string(), effect: z.string(), input: z.record(z.string(), z.json()) }),
  ),
  report: z.nullable(reportSchema),
  results: z.prefault(z.array(incidentResultSchema), []),
});
