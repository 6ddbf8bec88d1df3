import type { AdmittedChange, DesiredRole, ObservedRole, ReconcileRequest } from '../model.ts';
import type { IncidentEntry } from '../ports/ledger.ts';
import { inputOf } from './call-input.ts';
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
      input: inputOf(change.call),
    })),
  };
}
