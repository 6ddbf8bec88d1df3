import * as z from 'zod/mini';

import type { Cause, ReconcileReport, RoleRef, SpecPosition } from './model.ts';

/**
 * The public shapes as schemas: to read back what was stored or sent, and to publish them as JSON Schema. What a newer version
 * has written besides is dropped: after a way back to this one, no role may be stuck for it.
 */
const text = z.nullable(z.string());
const mode = z.enum(['enforce', 'detect']);

export const roleRefSchema: z.ZodMiniType<RoleRef> = z.object({
  accountId: z.string(),
  partition: z.string(),
  roleName: z.string(),
});

export const specPositionSchema: z.ZodMiniType<SpecPosition> = z.object({
  version: z.string(),
  file: z.string(),
  line: z.int(),
});

const actor = z.object({
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

const cause = z.object({
  eventId: z.string(),
  eventName: z.string(),
  eventTime: z.string(),
  region: z.string(),
  actor,
});
export const causeSchema: z.ZodMiniType<Cause> = cause;

/** A cause as it is remembered: with what guards need to know of it. */
export const knownCauseSchema: z.ZodMiniType<Cause> = z.extend(cause, {
  createdOpen: z.exactOptional(z.literal(true)),
});

export const triggerSchema = z.enum(['event', 'resync', 'operator']);

export const severitySchema = z.enum(['critical', 'high', 'medium', 'low', 'none']);

const access = z.array(
  z.object({
    principal: z.exactOptional(z.string()),
    resource: z.exactOptional(z.string()),
    actions: z.array(z.string()),
    conditions: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
    text: z.string(),
  }),
);

export const differenceSchema = z.object({
  aspect: z.string(),
  path: z.string(),
  type: z.enum(['ADD', 'REMOVE', 'NOT_EQUAL']),
  mode,
  expected: z.json(),
  actual: z.json(),
  access: z.object({ gained: access, lost: access }),
});

const change = z.object({
  aspect: z.string(),
  action: z.string(),
  summary: z.string(),
  effect: z.enum(['closes', 'restores']),
  outcome: z.enum(['applied', 'already-in-place', 'held', 'failed']),
  heldBy: text,
  reason: text,
  dueAt: text,
  error: text,
});

const report = z.object({
  schemaVersion: z.literal('1'),
  id: z.string(),
  incidentId: z.string(),
  time: z.string(),
  trigger: triggerSchema,
  spec: z.nullable(specPositionSchema),
  role: z.object({ accountId: z.string(), roleName: z.string(), arn: text }),
  causes: z.array(causeSchema),
  severity: severitySchema,
  mode,
  drift: z.object({
    status: z.enum(['IN_SYNC', 'MODIFIED', 'DELETED', 'NOT_CHECKED']),
    differences: z.array(differenceSchema),
  }),
  changes: z.array(change),
  outcome: z.enum([
    'in-sync',
    'remediated',
    'partly-remediated',
    'failed',
    'held',
    'detected',
    'not-checked',
  ]),
  verified: z.nullable(z.boolean()),
  exposure: z.nullable(z.object({ from: z.string(), to: text })),
  nextSteps: z.array(z.string()),
  recreate: z.exactOptional(
    z.object({
      from: z.enum(['last-in-sync', 'declaration']),
      script: z.string(),
      cloudFormation: text,
    }),
  ),
  eventToFixMs: z.nullable(z.number()),
  durationMs: z.number(),
});

export const reportSchema: z.ZodMiniType<ReconcileReport> = report;

/** What the ledger keeps of every report of an incident. */
const { id, time, outcome, changes, recreate } = report.shape;
export const incidentResultSchema = z.object({ id, time, outcome, changes, recreate });

const truncated = z.object({
  leftOut: z.array(z.string()),
  fullReport: z.object({ ledger: z.object({ incidentId: z.string() }) }),
});

/**
 * The `detail` of an event on the bus: the report; where it is too large for an event, the report without its largest parts;
 * or, if even that is too large, what it takes to find it in the ledger.
 */
export const reportEventSchema = z.union([
  z.extend(report, { truncated }),
  z.object({
    ...z.pick(report, {
      schemaVersion: true,
      id: true,
      incidentId: true,
      time: true,
      role: true,
      severity: true,
      outcome: true,
      verified: true,
    }).shape,
    truncated,
  }),
  report,
]);
