import { aspectNamed } from '../aspects/index.ts';
import type { Fights } from '../guards/fight.ts';
import type { AppliedChange, DesiredRole, ObservedRole, ReconcileReport } from '../model.ts';
import type { OpenDrift, Revert, RoleState } from '../ports/role-state.ts';
import { detectDrift } from './drift.ts';
import { withReverts } from './reverts.ts';
import { leftOf, toldOf, toldSince } from './told.ts';

/** After a look that found the role in sync. Pure. */
export function afterInSync(state: RoleState, { digests }: DesiredRole, observed: ObservedRole): RoleState {
  return {
    ...state,
    carriedOut: digests,
    drift: null,
    lastSeen: seenIn(observed),
    lastInSync: isStranger(state, observed) ? state.lastInSync : wholeOf(observed),
    busyUntil: null,
    lookAt: null,
  };
}

// What a stranger has that nobody declared is his: it must not come back as the role's own.
function isStranger({ strangerId }: RoleState, { roleId }: ObservedRole): boolean {
  return roleId === strangerId;
}

/** What there was nothing to put back of; where there was nothing at all, with what nobody declares. */
function lastInSyncIn(
  state: RoleState,
  observed: ObservedRole,
  applied: readonly AppliedChange[],
): RoleState['lastInSync'] {
  const whole = wholeOf(observed);
  if (whole === null || !observed.exists || isStranger(state, observed)) return state.lastInSync;
  const open = new Set(
    applied
      .map(({ change }) => change.difference)
      .flatMap(({ leftBySpec, aspect }) => (leftBySpec === null ? aspect : [])),
  );
  if (open.size === 0) return whole;
  const settled = Object.entries(observed.aspects).filter(([name]) => !open.has(name));
  return { path: whole.path, aspects: { ...state.lastInSync?.aspects, ...Object.fromEntries(settled) } };
}

function wholeOf({ path, aspects, undeclared }: ObservedRole): RoleState['lastInSync'] {
  return path === null ? null : { path, aspects: { ...undeclared, ...aspects } };
}

/** What is remembered of what was seen, by aspect. */
function seenIn({ aspects }: ObservedRole): RoleState['lastSeen'] {
  return Object.fromEntries(Object.entries(aspects).filter(([name]) => aspectNamed(name).isRemembered));
}

/** What came of a look that found drift. */
export interface DriftOutcome {
  readonly observed: ObservedRole;
  readonly applied: readonly AppliedChange[];
  readonly report: ReconcileReport;
  /** Of the reverts that it made. */
  readonly revertId: Revert['id'];
  readonly isNews: boolean;
  /** People have been told, by this report or by another's. */
  readonly isKnown: boolean;
  readonly lookAt: string | null;
  readonly fights: Fights;
  readonly now: Date;
}

/** After a look that found drift. Pure. */
export function afterDrift(state: RoleState, desired: DesiredRole, outcome: DriftOutcome): RoleState {
  const { observed, applied, report, revertId, isNews, lookAt, now } = outcome;
  // What was not told yet is found again by the next look.
  const lastSeen = observed.exists && isNews ? seenIn(observed) : state.lastSeen;
  // All of it was that something has changed since the last look: once told, nothing of it stays open.
  const isToldOnce = detectDrift(desired, observed, lastSeen).differences.length === 0;
  const isOver = report.outcome === 'remediated' || isToldOnce;
  return {
    ...state,
    carriedOut: report.verified === false ? state.carriedOut : carriedOutOf(state, desired, applied),
    drift: isOver || state.drift === null ? null : stillOpen(state.drift, outcome),
    reverts: withReverts(state.reverts, applied, { id: revertId, at: now.toISOString() }),
    lastSeen,
    lastInSync: lastInSyncIn(state, observed, applied),
    toldLately: toldSince(state, isNews ? report : null, outcome.fights, now),
    lookAt,
  };
}

/** What of the declaration is carried out now; of the rest it is remembered what was. */
function carriedOutOf(
  { carriedOut }: RoleState,
  { digests }: DesiredRole,
  applied: readonly AppliedChange[],
): RoleState['carriedOut'] {
  const undone = new Set(
    applied.filter((one) => !isCarriedOut(one)).map(({ change }) => change.difference.aspect),
  );
  const aspects = Object.entries(digests).flatMap(([aspect, digest]): [string, string][] => {
    const known = undone.has(aspect) ? carriedOut?.[aspect] : digest;
    return known === undefined ? [] : [[aspect, known]];
  });
  // Where nothing ever was, what is undone is somebody's doing, and no reason to suspect the spec.
  return carriedOut === null && undone.size > 0 ? null : Object.fromEntries(aspects);
}

function stillOpen(drift: OpenDrift, { applied, report, isKnown }: DriftOutcome): OpenDrift {
  return {
    ...drift,
    isPending: applied.some(isUndone),
    isHeldAsMany: isHeldAsMany(applied),
    told: isKnown ? toldOf(leftOf(applied, report.verified)) : drift.told,
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

// What the spec says was done, or waits for a person: it is no longer the spec that is new.
const DECIDED_BY: ReadonlySet<string | null> = new Set([...LEFT_BY, 'ownership', 'squatter']);

function isCarriedOut({ outcome, heldBy }: AppliedChange): boolean {
  return outcome === 'held' ? DECIDED_BY.has(heldBy) : outcome !== 'failed';
}

/** Whether something is still to be done about it. */
export function isUndone({ outcome, heldBy }: AppliedChange): boolean {
  return outcome === 'failed' || (outcome === 'held' && !LEFT_BY.has(heldBy));
}
