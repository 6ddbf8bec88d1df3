import { aspectNamed } from '../aspects/index.ts';
import { fightOver } from '../guards/fight.ts';
import type { GuardLimits } from '../guards/limits.ts';
import type { AppliedChange, DesiredRole, ObservedRole, ReconcileReport } from '../model.ts';
import type { Revert, RoleState } from '../ports/role-state.ts';
import { detectDrift } from './drift.ts';
import { toldDigest, toldSince } from './told.ts';

// Enough to see the fights in them: over a difference, and over the role.
const MOST_LOOKS = 24;
const MOST_OF_A_LOOK = 25;

/** After a look that found the role in sync. Pure. */
export function afterInSync(state: RoleState, { digest }: DesiredRole, observed: ObservedRole): RoleState {
  return {
    ...state,
    carriedOut: digest,
    drift: null,
    lastSeen: seenIn(observed),
    lastInSync: wholeOf(observed),
    busyUntil: null,
    lookAt: null,
  };
}

function wholeOf({ path, aspects, undeclared }: ObservedRole): RoleState['lastInSync'] {
  return path === null ? null : { path, aspects: { ...undeclared, ...aspects } };
}

/** What is remembered of what was seen, by aspect. */
function seenIn({ aspects }: ObservedRole): RoleState['lastSeen'] {
  return Object.fromEntries(Object.entries(aspects).filter(([name]) => aspectNamed(name).isRemembered));
}

/** After a look that found drift, and what came of it. Pure. */
export function afterDrift(
  state: RoleState,
  desired: DesiredRole,
  outcome: {
    readonly observed: ObservedRole;
    readonly applied: readonly AppliedChange[];
    readonly report: ReconcileReport;
    /** The first event that asked for this look; null if none did. */
    readonly eventId: string | null;
    readonly isNews: boolean;
    /** People have been told, by this report or by another's. */
    readonly isKnown: boolean;
    readonly lookAt: string | null;
    readonly limits: GuardLimits;
    readonly now: Date;
  },
): RoleState {
  const { observed, applied, report, eventId, isNews, isKnown, lookAt, limits, now } = outcome;
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
  const reverts = latestLooks([
    ...state.reverts.filter((revert) => !isRepeated(revert)),
    ...done.slice(0, MOST_OF_A_LOOK),
  ]);
  const isFighting = applied.some(
    ({ heldBy, change }) =>
      heldBy === 'fight' || fightOver(change.difference.path, state, limits, now) !== null,
  );
  // What was not told yet is found again by the next look.
  const lastSeen = observed.exists && isNews ? seenIn(observed) : state.lastSeen;
  // All of it was that something has changed since the last look: once told, nothing of it stays open.
  const isToldOnce = detectDrift(desired, observed, lastSeen).differences.length === 0;
  return {
    ...state,
    carriedOut: report.verified !== false && applied.every(isCarriedOut) ? desired.digest : state.carriedOut,
    drift:
      isOver || isToldOnce || state.drift === null
        ? null
        : {
            ...state.drift,
            isPending: applied.some(isUndone),
            isHeldAsMany: isHeldAsMany(applied),
            told: isKnown ? told : state.drift.told,
          },
    reverts,
    lastSeen,
    busyUntil: null,
    toldLately: toldSince(state, isNews ? report : null, isFighting, now),
    lookAt,
  };
}

function latestLooks(reverts: readonly Revert[]): readonly Revert[] {
  const looks = new Set([...new Set(reverts.map(({ id }) => id))].slice(-MOST_LOOKS));
  return reverts.filter(({ id }) => looks.has(id));
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

// What the spec says was done, or waits for a person: it is no longer the spec that is new.
const DECIDED_BY: ReadonlySet<string | null> = new Set([...LEFT_BY, 'ownership', 'squatter']);

function isCarriedOut({ outcome, heldBy }: AppliedChange): boolean {
  return outcome === 'held' ? DECIDED_BY.has(heldBy) : outcome !== 'failed';
}

function isUndone({ outcome, heldBy }: AppliedChange): boolean {
  return outcome === 'failed' || (outcome === 'held' && !LEFT_BY.has(heldBy));
}
