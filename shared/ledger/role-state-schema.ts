import * as z from 'zod/mini';

import type { DriftMark, RoleState } from '../ports/role-state.ts';
import { knownCauseSchema, roleRefSchema } from '../report-schema.ts';

const text = z.nullable(z.string());

/**
 * A stored state of a role, read back. One that an older version has stored has nothing of what only this one remembers;
 * what only a newer one remembers is dropped, so that a deployment can be rolled back.
 */
export const roleStateSchema: z.ZodMiniType<RoleState> = z.object({
  role: roleRefSchema,
  revision: z.int(),
  roleId: text,
  strangerId: text,
  awaitsCreation: z.prefault(z.boolean(), false),
  creatingSince: z.prefault(text, null),
  // An older version kept one digest of the whole.
  carriedOut: z.catch(z.nullable(z.record(z.string(), z.string())), null),
  drift: z.nullable(
    z.object({
      incidentId: z.string(),
      since: z.string(),
      causes: z.array(knownCauseSchema),
      isPending: z.boolean(),
      isHeldAsMany: z.boolean(),
      // An older version kept one digest of the whole.
      told: z.catch(z.nullable(z.array(z.string())), null),
      suspect: z.prefault(z.nullable(z.object({ since: z.string(), spec: z.string() })), null),
    }),
  ),
  reverts: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      path: z.string(),
      effect: z.enum(['closes', 'restores']),
    }),
  ),
  toldLately: z.prefault(
    z.object({ fights: z.prefault(z.array(z.string()), []), differences: z.array(z.string()) }),
    { differences: [] },
  ),
  lastSeen: z.prefault(z.record(z.string(), z.json()), {}),
  lastInSync: z.prefault(
    z.nullable(z.object({ path: z.string(), aspects: z.record(z.string(), z.json()) })),
    null,
  ),
  busyUntil: z.prefault(text, null),
  lookAt: text,
});

/** A stored mark, read back. */
export const driftMarkSchema: z.ZodMiniType<DriftMark> = z.object({
  role: roleRefSchema,
  since: z.string(),
  spec: z.prefault(z.string(), ''),
  isSuspect: z.boolean(),
  doorClosedAt: z.prefault(text, null),
  plan: z.array(z.string()),
  isHeld: z.boolean(),
  isStranger: z.prefault(z.boolean(), false),
});
