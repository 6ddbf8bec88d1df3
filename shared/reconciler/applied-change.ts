import type { AppliedChange, Change } from '../model.ts';

/** The change before anything was sent for it. */
export function unsent(change: Change): AppliedChange {
  return {
    change,
    outcome: 'held',
    heldBy: null,
    reason: null,
    dueAt: null,
    remedy: null,
    error: null,
    retryable: false,
    appliedAt: null,
    answer: undefined,
    sinceCrash: null,
  };
}

/** The change where somebody else was quicker, or an earlier look of ours. */
export function alreadyInPlace(change: Change): AppliedChange {
  return { ...unsent(change), outcome: 'already-in-place' };
}
