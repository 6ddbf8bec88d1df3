import { isInPlace } from '../change-outcome.ts';
import type { ReconcileReport } from '../model.ts';

/**
 * Whether the report is of a deleted role that was created again. Until the next look it has only what a role is created
 * with, and it never has the old unique id again: it is there, and not yet put back.
 */
export function isRecreated({ drift, changes }: ReconcileReport): boolean {
  return (
    drift.status === 'DELETED' &&
    changes.some((change) => change.action === 'iam:CreateRole' && isInPlace(change))
  );
}
