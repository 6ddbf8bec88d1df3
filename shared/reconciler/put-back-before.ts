import type {
  AppliedChange,
  Change,
  Difference,
  Drift,
  ReconcileReport,
  ReportedDifference,
} from '../model.ts';
import type { FoundChange, Incident } from '../ports/ledger.ts';
import { alreadyInPlace } from './applied-change.ts';
import type { ReportInput } from './report.ts';

/** What an incident was about besides what still differs: put back, and by a crash never told. */
export interface PutBackBefore {
  readonly drift: Drift;
  readonly applied: readonly AppliedChange[];
}

/** The drift as the ledger has it, whatever the spec says by now, less what still differs in the same way. Pure. */
export function putBackBefore(
  { found }: Incident,
  now: Pick<ReconcileReport['drift'], 'differences'>,
): PutBackBefore {
  const left = new Set(now.differences.map(asText));
  const gone = found.filter(({ difference }) => !left.has(asText(difference)));
  const differences = gone.map(({ difference }) => difference);
  return {
    drift: { status: statusOf(differences), differences },
    applied: gone.map((change) => alreadyInPlace(asChange(change))),
  };
}

function statusOf(differences: readonly Difference[]): Drift['status'] {
  if (differences.some(({ aspect, path }) => aspect === 'role' && path === 'role')) return 'DELETED';
  return differences.length === 0 ? 'IN_SYNC' : 'MODIFIED';
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
 * What a look has to report, with what one before it had put back when it crashed: nobody else tells of that, and it may
 * be the worst of all.
 */
export function withPutBackBefore<Input extends ReportInput>(input: Input, crashed: Incident): Input {
  const { drift, applied, verified } = input;
  const before = putBackBefore(crashed, drift);
  if (before.applied.length === 0) return input;
  return {
    ...input,
    drift: { ...drift, differences: [...before.drift.differences, ...drift.differences] },
    applied: [...before.applied, ...applied],
    // This look has read that it is put back.
    verified: verified ?? true,
  };
}
