import type { AppliedChange, Change, DesiredRole, Drift, ObservedRole } from '../model.ts';
import type { Incident } from '../ports/ledger.ts';
import { alreadyInPlace } from './applied-change.ts';
import { detectDrift } from './drift.ts';
import { planChanges } from './plan.ts';
import type { ReportInput } from './report.ts';
import { unreadRole } from './unread-role.ts';

/** What an incident was about besides what still differs: put back, and by a crash never told. */
export interface PutBackBefore {
  /** The role as the incident found it. */
  readonly observed: ObservedRole;
  readonly drift: Drift;
  readonly applied: readonly AppliedChange[];
}

/** The drift as the ledger has it, less what still differs. Pure. */
export function putBackBefore(incident: Incident, desired: DesiredRole, now: Drift): PutBackBefore {
  const { before, role } = incident;
  const readThen: DesiredRole = {
    ...desired,
    aspects: Object.fromEntries(
      Object.entries(desired.aspects).filter(([name]) => Object.hasOwn(before, name)),
    ),
  };
  const observed = {
    ...unreadRole(role),
    // Of a role that was gone, nothing could be read.
    exists: Object.keys(before).length > 0,
    path: desired.path,
    aspects: before,
  };
  const drift = detectDrift(readThen, observed);
  const { changes } = planChanges(readThen, observed, drift);
  const isLeft = ({ difference }: Change) => now.differences.some(({ path }) => path === difference.path);
  const gone = changes.filter((change) => !isLeft(change));
  return {
    observed,
    drift: { ...drift, differences: gone.map(({ difference }) => difference) },
    applied: gone.map(alreadyInPlace),
  };
}

/**
 * What a look has to report, with what one before it had put back when it crashed: nobody else tells of that, and it may
 * be the worst of all.
 */
export function withPutBackBefore<Input extends ReportInput>(input: Input, crashed: Incident): Input {
  const { desired, drift, applied, verified } = input;
  if (desired === null) return input;
  const before = putBackBefore(crashed, desired, drift);
  if (before.applied.length === 0) return input;
  return {
    ...input,
    drift: { ...drift, differences: [...before.drift.differences, ...drift.differences] },
    applied: [...before.applied, ...applied],
    // This look has read that it is put back.
    verified: verified ?? true,
  };
}
