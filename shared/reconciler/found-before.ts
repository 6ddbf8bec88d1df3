import { isInPlace } from '../change-outcome.ts';
import type {
  AppliedChange,
  Change,
  DesiredRole,
  Difference,
  Drift,
  ReconcileReport,
  ReportedDifference,
} from '../model.ts';
import type { FoundChange, Incident } from '../ports/ledger.ts';
import { alreadyInPlace, unsent } from './applied-change.ts';
import type { ReportInput } from './report.ts';

/** What an incident was about besides what still differs; by a crash never told. */
export interface FoundBefore {
  readonly drift: Drift;
  readonly applied: readonly AppliedChange[];
  /** Whether all of it that was to be put back has been seen so since; null where nothing was to be. */
  readonly verified: boolean | null;
}

type Digests = DesiredRole['digests'];

/**
 * The drift as the ledger has it, less what still differs in the same way. Pure.
 *
 * @param digests Of the declarations by which the role was looked at now: what is declared otherwise, or no more, nobody has
 * looked for.
 */
export function foundBefore(
  { found, report }: Incident,
  now: Pick<ReconcileReport['drift'], 'differences'>,
  digests: Digests,
): FoundBefore {
  const left = new Set(now.differences.map(asText));
  const missing = found.filter(({ difference }) => !left.has(asText(difference)));
  const differences = missing.map(({ difference }) => difference);
  const applied = missing.map((one) => asItEnded(one, digests, report));
  const done = applied.filter(({ outcome }) => outcome !== 'held');
  return {
    drift: { status: statusOf(differences), differences },
    applied,
    verified: done.length === 0 ? null : done.every(({ outcome }) => outcome !== 'failed'),
  };
}

function statusOf(differences: readonly Difference[]): Drift['status'] {
  if (differences.some(({ aspect, path }) => aspect === 'role' && path === 'role')) return 'DELETED';
  return differences.length === 0 ? 'IN_SYNC' : 'MODIFIED';
}

const UNSEEN =
  'a crash came in between, and the spec has changed since: nobody has seen whether it was put back, so look at the role';

/** Nothing is said of it that nobody has seen: what was held was not put back by us, whatever has become of it. */
function asItEnded(found: FoundChange, digests: Digests, report: Incident['report']): AppliedChange {
  const change = asChange(found);
  const { heldBy, reason, dueAt, declared } = found;
  const isGone = declared !== null && declared === digests[change.aspect];
  if (heldBy === null)
    return isGone || isSeenDone(found, report)
      ? alreadyInPlace(change)
      : { ...unsent(change), outcome: 'failed', reason: UNSEEN, sinceCrash: 'unseen' };
  const held = { ...unsent(change), heldBy, reason, dueAt };
  return isGone
    ? { ...held, reason: `${reason ?? 'held'}; the difference is gone by now`, sinceCrash: 'gone' }
    : { ...held, sinceCrash: 'unseen' };
}

/** Whether the crashed look has seen it so itself, and only could not tell. */
function isSeenDone({ difference, action, summary }: FoundChange, report: Incident['report']): boolean {
  if (report?.verified !== true) return false;
  return report.changes.some(
    (done) =>
      isInPlace(done) &&
      done.aspect === difference.aspect &&
      done.action === action &&
      done.summary === summary,
  );
}

function asChange({ difference, action, summary, effect }: FoundChange): Change {
  return {
    difference,
    aspect: difference.aspect,
    action,
    summary,
    effect,
    call: null,
    notOursAlone: null,
    isAlreadyInPlace: () => false,
    fallback: () => null,
  };
}

/** Another backdoor in the same place is another difference. */
export function asText({ path, type, actual }: ReportedDifference): string {
  return JSON.stringify([path, type, actual]);
}

/**
 * What a look has to report, with what one before it had found when it crashed: nobody else tells of that, and it may be the
 * worst of all.
 */
export function withFoundBefore<Input extends ReportInput>(
  input: Input,
  crashed: Incident,
  { digests }: DesiredRole,
): Input {
  const { drift, applied, verified } = input;
  const before = foundBefore(crashed, drift, digests);
  if (before.applied.length === 0) return input;
  return {
    ...input,
    drift: { ...drift, differences: [...before.drift.differences, ...drift.differences] },
    applied: [...before.applied, ...applied],
    verified: before.verified === false ? false : (verified ?? before.verified),
  };
}
