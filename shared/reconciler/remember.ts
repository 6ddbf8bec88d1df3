import { fightOver } from '../guards/fight.ts';
import type { AppliedChange, DesiredRole, ReconcileReport } from '../model.ts';
import type { Revert, RoleState } from '../ports/role-state.ts';
import { driftDigest, toldDigest } from './news.ts';

// Enough to see the fights in them.
const MOST_REVERTS = 60;
const MOST_TOLD = 20;

/** After a look that found the role in sync. Pure. */
export function afterInSync(state: RoleState, { digest }: DesiredRole): RoleState {
  return { ...state, inSyncWith: digest, drift: null, lookAt: null };
}

/** After a look that found drift, and what came of it. Pure. */
export function afterDrift(
  state: RoleState,
  { digest }: DesiredRole,
  outcome: {
    readonly applied: readonly AppliedChange[];
    readonly report: ReconcileReport;
    /** The first event that asked for this look; null if none did. */
    readonly eventId: string | null;
    readonly isNews: boolean;
    readonly lookAt: string | null;
    readonly now: Date;
  },
): RoleState {
  const { applied, report, eventId, isNews, lookAt, now } = outcome;
  const isOver = report.outcome === 'remediated';
  const told = toldDigest(report);
  const id = eventId ?? report.id;
  const done = applied
    .filter((change) => change.outcome === 'applied')
    .map(({ change }) => ({
      id,
      at: now.toISOString(),
      path: change.difference.path,
      effect: change.effect,
    }));
  const isRepeated = (revert: Revert) => done.some(({ path }) => path === revert.path) && revert.id === id;
  const reverts = [...state.reverts.filter((revert) => !isRepeated(revert)), ...done].slice(-MOST_REVERTS);
  const isFighting = applied.some(
    ({ heldBy, change }) => heldBy === 'fight' || fightOver(change.difference.path, state, now) !== null,
  );
  const news = isNews && isFighting ? [driftDigest(report)] : [];
  return {
    ...state,
    inSyncWith: isOver && report.verified === true ? digest : state.inSyncWith,
    drift:
      isOver || state.drift === null
        ? null
        : {
            ...state.drift,
            isPending: applied.some(isUndone),
            isHeldAsMany: isHeldAsMany(applied),
            told: isNews ? told : state.drift.told,
          },
    reverts,
    fightsTold: isFighting ? [...new Set([...state.fightsTold, ...news])].slice(-MOST_TOLD) : [],
    lookAt,
  };
}

/** Whether some of it waits because too many roles have drifted. */
export function isHeldAsMany(applied: readonly AppliedChange[]): boolean {
  return applied.some(({ heldBy }) => heldBy === 'blastRadius');
}

/** Whether there is anything to store. */
export function isSameState(a: RoleState, b: RoleState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// Settled: done, or left as it is by the spec's own word.
const LEFT_BY: ReadonlySet<string | null> = new Set(['spec', 'mode', 'protectedRole']);

function isUndone({ outcome, heldBy }: AppliedChange): boolean {
  return outcome === 'failed' || (outcome === 'held' && !LEFT_BY.has(heldBy));
}
