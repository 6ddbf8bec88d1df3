import * as z from 'zod/mini';

import type { Incident } from '../ports/ledger.ts';
import {
  causeSchema,
  differenceSchema,
  incidentResultSchema,
  reportSchema,
  roleRefSchema,
  severitySchema,
  specPositionSchema,
} from '../report-schema.ts';

const text = z.nullable(z.string());
const foundChange = z.object({
  difference: z.extend(differenceSchema, {
    leftBySpec: text,
    forbidden: z.boolean(),
    advice: text,
    severity: z.nullable(severitySchema),
  }),
  action: z.string(),
  summary: z.string(),
  effect: z.enum(['closes', 'restores']),
  // An older version kept neither who held it nor from what it differed.
  declared: z.prefault(text, null),
  heldBy: z.prefault(text, null),
  reason: z.prefault(text, null),
  dueAt: z.prefault(text, null),
});

/** A stored incident, read back. */
export const incidentSchema: z.ZodMiniType<Incident> = z.object({
  incidentId: z.string(),
  role: roleRefSchema,
  openedAt: z.string(),
  spec: specPositionSchema,
  causes: z.array(causeSchema),
  before: z.record(z.string(), z.json()),
  // What an older version has written in a shape that is no more is better untold than a role that nobody looks at.
  found: z.catch(z.array(foundChange), []),
  plan: z.array(z.object({ action: z.string(), effect: z.string(), input: z.record(z.string(), z.json()) })),
  // With a value that only a newer version knows. What was found is told without it.
  report: z.catch(z.nullable(reportSchema), null),
  results: z.prefault(z.array(incidentResultSchema), []),
});
