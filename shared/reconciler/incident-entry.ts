import type { AdmittedChange, DesiredRole, ObservedRole, ReconcileRequest } from '../model.ts';
import type { Incident, IncidentEntry } from '../ports/ledger.ts';
import { inputOf } from './call-input.ts';
import { sortedCauses } from './identifiers.ts';

interface Opening {
  readonly incidentId: string;
  readonly request: ReconcileRequest;
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly admitted: readonly AdmittedChange[];
  /** The same incident, if a crash kept people from being told of it. */
  readonly crashed: Incident | null;
}

/** A message is delivered five times: so many crashes in a row, each after another change, and what the last look finds. */
const MOST_FOUND = 5;

/** What the ledger keeps of an incident before its first change. Pure. */
export function incidentEntry(
  { incidentId, request, desired, observed, admitted, crashed }: Opening,
  openedAt: Date,
): IncidentEntry {
  return {
    incidentId,
    role: observed.ref,
    openedAt: openedAt.toISOString(),
    spec: desired.spec,
    causes: sortedCauses(request.causes),
    before: observed.aspects,
    found: [
      ...(crashed?.found ?? []).filter((look) => !isSame(look, observed.aspects)),
      observed.aspects,
    ].slice(-MOST_FOUND),
    plan: admitted.map(({ change }) => ({
      action: change.action,
      effect: change.effect,
      input: inputOf(change.call),
    })),
  };
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
