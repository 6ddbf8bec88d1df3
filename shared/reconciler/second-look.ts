import type { ReconcileReport, ReconcileRequest } from '../model.ts';

// A change younger than this that reads as in sync may be a stale read.
const YOUNG_MS = 10_000;
const STALE_READ_DELAY_S = 15;
const UNVERIFIED_DELAY_S = 30;
const MOST_LOOKS = 2;

/**
 * IAM is eventually consistent: what was read a moment after a change is not yet believed. Answers the delayed second
 * look to ask for, or null.
 */
export function secondLook(
  request: ReconcileRequest,
  report: ReconcileReport,
  now: Date,
): { readonly request: ReconcileRequest; readonly delaySeconds: number } | null {
  if (request.recheck >= MOST_LOOKS) return null;
  const again = { ...request, recheck: request.recheck + 1 };
  if (report.verified === false) return { request: again, delaySeconds: UNVERIFIED_DELAY_S };
  // Of the new role nothing is known yet but what it was created with.
  if (isRecreated(report)) return { request: { ...again, causes: [] }, delaySeconds: STALE_READ_DELAY_S };
  const young = request.causes.some(({ eventTime }) => now.getTime() - Date.parse(eventTime) < YOUNG_MS);
  return young && isLeft(report) ? { request: again, delaySeconds: STALE_READ_DELAY_S } : null;
}

/** As far as was seen nothing has happened, beside what the spec leaves in place. */
function isLeft({ drift, changes }: ReconcileReport): boolean {
  return drift.status !== 'DELETED' && changes.every(({ heldBy }) => heldBy === 'spec');
}

function isRecreated({ drift, changes }: ReconcileReport): boolean {
  return (
    drift.status === 'DELETED' && changes.some(({ outcome }) => outcome !== 'held' && outcome !== 'failed')
  );
}
