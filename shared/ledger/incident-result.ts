import type { ReconcileReport } from '../model.ts';
import type { IncidentResult } from '../ports/ledger.ts';

/** What is kept of a report when the next one takes its place. */
export function resultOf({ id, time, outcome, changes, recreate }: ReconcileReport): IncidentResult {
  return { id, time, outcome, changes, ...(recreate && { recreate }) };
}

/** Oldest first, and each once: a report that was closed with again, because the answer was lost, is one result. */
export function eachOnce(results: readonly IncidentResult[]): readonly IncidentResult[] {
  return [...new Map(results.map((result) => [result.id, result])).values()];
}
