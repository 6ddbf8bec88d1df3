import type { ReconcileReport } from '../model.ts';
import type { IncidentResult } from '../ports/ledger.ts';

/**
 * What is kept of a report when the next one takes its place; null where nothing need be: it has changed nothing, and
 * whoever touches a role that is held can have any number of such looks made.
 */
export function resultOf({ id, time, outcome, changes, recreate }: ReconcileReport): IncidentResult | null {
  const hasChanged = changes.some((change) => change.outcome === 'applied');
  if (!hasChanged && recreate === undefined) return null;
  return { id, time, outcome, changes, ...(recreate && { recreate }) };
}
