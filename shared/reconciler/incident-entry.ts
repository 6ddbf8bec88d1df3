import type { AdmittedChange, Cause, DesiredRole, ObservedRole } from '../model.ts';
import type { FoundChange, Incident, IncidentEntry } from '../ports/ledger.ts';
import { inputOf } from './call-input.ts';
import { asTold } from './explaining-causes.ts';
import { asText } from './found-before.ts';

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
    found: eachOnce([...(crashed?.found ?? []), ...admitted.map((one) => foundChange(one, desired))]),
    plan: admitted.map(({ change }) => ({
      action: change.action,
      effect: change.effect,
      input: inputOf(change.call),
    })),
  };
}

function foundChange({ change, verdict }: AdmittedChange, { digests }: DesiredRole): FoundChange {
  const { difference, action, summary, effect } = change;
  const hold =
    verdict.decision === 'hold'
      ? { heldBy: verdict.guard, reason: verdict.reason, dueAt: verdict.dueAt }
      : { heldBy: null, reason: null, dueAt: null };
  return { difference, action, summary, effect, declared: digests[difference.aspect] ?? null, ...hold };
}

function eachOnce(found: readonly FoundChange[]): readonly FoundChange[] {
  return [...new Map(found.map((change) => [asText(change.difference), change])).values()];
}
