import * as z from 'zod/mini';

import type { AdmittedChange, DesiredRole, JsonObject, ObservedRole, ReconcileRequest } from '../model.ts';
import type { IncidentEntry } from '../ports/ledger.ts';
import { sortedCauses } from './identifiers.ts';

interface Opening {
  readonly incidentId: string;
  readonly request: ReconcileRequest;
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly admitted: readonly AdmittedChange[];
}

/** What the ledger keeps of an incident before its first change. Pure. */
export function incidentEntry(
  { incidentId, request, desired, observed, admitted }: Opening,
  openedAt: Date,
): IncidentEntry {
  return {
    incidentId,
    role: observed.ref,
    openedAt: openedAt.toISOString(),
    spec: desired.spec,
    causes: sortedCauses(request.causes),
    before: observed.aspects,
    plan: admitted.map(({ change }) => ({
      action: change.action,
      effect: change.effect,
      input: inputOf(change.call?.input ?? {}),
    })),
  };
}

const json: z.ZodMiniType<JsonObject> = z.record(z.string(), z.json());

/** The command's input as JSON: undefined members, which the SDK does not send, are left out. */
function inputOf(input: object): JsonObject {
  return z.parse(json, JSON.parse(JSON.stringify(input)));
}
