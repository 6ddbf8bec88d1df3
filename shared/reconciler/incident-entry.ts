import type { AdmittedChange, Cause, DesiredRole, ObservedRole } from '../model.ts';
import type { FoundChange, Incident, IncidentEntry } from '../ports/ledger.ts';
import { inputOf } from './call-input.ts';
import { asTold } from './explaining-causes.ts';
import { asText } from './put-back-before.ts';

interface Opening {
  readonly incidentId: string;
  /** Who is told of. */
  readonly causes: readonly Cause[];
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly admitted: readonly AdmittedChange[];
  /** The same incident, if a crash kept people from being told of it. */
  readonly crashed: Incident | null;
}

/** What the ledger keeps of an incident before its first change. Pure. */
export function incidentEntry(
  { incidentId, causes, desired, observed, admitted, crashed }: Opening,
  openedAt: Date,
): IncidentEntry {
  return {
    incidentId,
    role: observed.ref,
    openedAt: openedAt.toISOString(),
    spec: desired.spec,
    causes: causes.map(asTold),
    before: observed.aspects,
    found: eachOnce([...(crashed?.found ?? []), ...admitted.map(foundChange)]),
    plan: admitted.map(({ change }) => ({
      action: change.action,
      effect: change.effect,
      input: inputOf(change.call),
    })),
  };
}

function foundChange({ change }: AdmittedChange): FoundChange {
  const { difference, action, summary, effect } = change;
  return { difference, action, summary, effect };
}

function eachOnce(found: readonly FoundChange[]): readonly FoundChange[] {
  return [...new Map(found.map((change) => [asText(change.difference), change])).values()];
}
