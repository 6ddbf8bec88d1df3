import { aspectNamed } from '../aspects/index.ts';
import type { AppliedChange, DesiredRole, Difference, Drift, Json, ObservedRole, RoleRef } from '../model.ts';
import type { Incident } from '../ports/ledger.ts';
import { alreadyInPlace } from './applied-change.ts';
import { detectDrift } from './drift.ts';
import { planChanges } from './plan.ts';
import type { ReportInput } from './report.ts';
import { unreadRole } from './unread-role.ts';

/** What an incident was about besides what still differs: put back, and by a crash never told. */
export interface PutBackBefore {
  /** The role as it was found first. */
  readonly observed: ObservedRole;
  readonly drift: Drift;
  readonly applied: readonly AppliedChange[];
}

/** The drift as the ledger has it, less what still differs in the same way. Pure. */
export function putBackBefore(
  { before, found, role }: Incident,
  desired: DesiredRole,
  now: Drift,
): PutBackBefore {
  const [first, ...later] = found;
  const begun = lookAt(first ?? before, role, desired);
  const looks = [begun, ...later.map((aspects) => lookAt(aspects, role, desired))];
  const gone = new Map(
    looks.flatMap(({ changes }) => changes).map((change) => [asText(change.difference), change]),
  );
  for (const difference of now.differences) gone.delete(asText(difference));
  const changes = [...gone.values()];
  return {
    observed: begun.observed,
    drift: {
      status: looks.map(({ status }) => status).find((status) => status !== 'IN_SYNC') ?? 'IN_SYNC',
      differences: changes.map(({ difference }) => difference),
    },
    applied: changes.map(alreadyInPlace),
  };
}

/** What had to be done about the role, as it was then. */
function lookAt(aspects: Readonly<Record<string, Json>>, ref: RoleRef, desired: DesiredRole) {
  // What an older version wrote in a shape that this one does not know is better untold than a role that nobody looks at.
  const isReadable = (name: string) =>
    Object.hasOwn(aspects, name) && aspectNamed(name).isObservation(aspects[name] ?? null);
  const readThen: DesiredRole = {
    ...desired,
    aspects: Object.fromEntries(Object.entries(desired.aspects).filter(([name]) => isReadable(name))),
  };
  const observed: ObservedRole = {
    ...unreadRole(ref),
    // Of a role that was gone, nothing could be read.
    exists: Object.keys(aspects).length > 0,
    path: desired.path,
    aspects,
  };
  const drift = detectDrift(readThen, observed);
  return { observed, status: drift.status, changes: planChanges(readThen, observed, drift).changes };
}

/** Another backdoor in the same place is another difference. */
function asText({ path, type, actual }: Difference): string {
  return JSON.stringify([path, type, actual]);
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
