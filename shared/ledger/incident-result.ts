import { isInPlace } from '../change-outcome.ts';
import type { ReconcileReport } from '../model.ts';
import type { IncidentResult } from '../ports/ledger.ts';

/**
 * What is kept of a report when the next one takes its place; null where nothing need be: it has changed nothing, and
 * whoever touches a role that is held can have any number of such looks made.
 */
export function resultOf({ id, time, outcome, changes, recreate }: ReconcileReport): IncidentResult | null {
  // In place is also what was put back, and whose answer was lost.
  const hasChanged = changes.some(isInPlace);
  if (!hasChanged && recreate === undefined) return null;
  return { id, time, outcome, changes, ...(recreate && { recreate }) };
}
