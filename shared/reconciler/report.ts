import type {
  AppliedChange,
  DesiredRole,
  Difference,
  Drift,
  Mode,
  ObservedRole,
  ReconcileReport,
  ReconcileRequest,
  RecreationRecipe,
  ReportedChange,
  ReportedDifference,
  ReportOutcome,
} from '../model.ts';
import { nextSteps } from './next-steps.ts';
import { sortedCauses } from './identifiers.ts';
import { severityOf } from './severity.ts';

/** All that is known at the end of a reconciliation. */
export interface ReportInput {
  readonly id: string;
  readonly incidentId: string;
  readonly request: ReconcileRequest;
  /** null where the role is not declared. */
  readonly desired: DesiredRole | null;
  readonly observed: ObservedRole | null;
  readonly drift: Drift;
  readonly applied: readonly AppliedChange[];
  readonly verified: boolean | null;
  /** Of a deleted role; null where there is none. */
  readonly recipe?: RecreationRecipe | null;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The one report of a reconciliation: the public contract. Pure. */
export function report(input: ReportInput): ReconcileReport {
  const { request, desired, observed, drift, applied } = input;
  const role = observed?.ref ?? request.role;
  const causes = sortedCauses(request.causes);
  const exposure = exposureOf(input, causes[0]?.eventTime);
  return {
    schemaVersion: '1',
    id: input.id,
    incidentId: input.incidentId,
    time: input.endedAt.toISOString(),
    trigger: request.trigger,
    spec: desired?.spec ?? null,
    role: { accountId: role.accountId, roleName: role.roleName, arn: observed?.arn ?? null },
    causes,
    severity: severityOf(drift.differences, role),
    mode: modeOf(desired, drift.differences),
    drift: { status: drift.status, differences: drift.differences.map(reportedDifference) },
    changes: applied.map(reportedChange),
    outcome: outcomeOf(drift, applied),
    verified: input.verified,
    exposure,
    nextSteps: nextSteps(input, exposure),
    ...(input.recipe && { recreate: input.recipe }),
    eventToFixMs: eventToFixMs(applied, causes[0]?.eventTime),
    durationMs: input.endedAt.getTime() - input.startedAt.getTime(),
  };
}

/** The report of a role that this installation does not look after. No API call was made for it. */
export function notChecked(
  input: Pick<ReportInput, 'id' | 'incidentId' | 'request' | 'startedAt' | 'endedAt'>,
): ReconcileReport {
  return report({
    ...input,
    desired: null,
    observed: null,
    drift: { status: 'NOT_CHECKED', differences: [] },
    applied: [],
    verified: null,
  });
}

function outcomeOf(drift: Drift, applied: readonly AppliedChange[]): ReportOutcome {
  if (drift.status === 'NOT_CHECKED') return 'not-checked';
  if (drift.status === 'IN_SYNC') return 'in-sync';
  const some = (outcome: AppliedChange['outcome']) => applied.some((change) => change.outcome === outcome);
  const anyDone = some('applied') || some('already-in-place');
  if (anyDone) return some('failed') || some('held') ? 'partly-remediated' : 'remediated';
  if (some('failed')) return 'failed';
  return applied.some(({ heldBy }) => heldBy !== 'mode' && heldBy !== 'spec') ? 'held' : 'detected';
}

/** What was in force: the differences' own mode where they agree, else the stricter. */
function modeOf(desired: DesiredRole | null, differences: readonly Difference[]): Mode {
  if (differences.length === 0) return desired?.mode ?? 'detect';
  return differences.some(({ mode }) => mode === 'enforce') ? 'enforce' : 'detect';
}

/** How long the gained access stood; to is null while any of it still stands. */
function exposureOf(
  { drift, applied, startedAt }: ReportInput,
  firstEventTime: string | undefined,
): ReconcileReport['exposure'] {
  const gaining = drift.differences.filter(({ access }) => access.gained.length > 0);
  if (gaining.length === 0) return null;
  const closing = gaining.map((difference) =>
    applied.find(
      ({ change, outcome }) =>
        change.difference === difference && (outcome === 'applied' || outcome === 'already-in-place'),
    ),
  );
  const from = firstEventTime ?? startedAt.toISOString();
  if (closing.some((change) => change === undefined)) return { from, to: null };
  const times = closing.map((change) => change?.appliedAt ?? startedAt.toISOString()).sort();
  return { from, to: times.at(-1) ?? null };
}

function eventToFixMs(applied: readonly AppliedChange[], firstEventTime: string | undefined): number | null {
  const last = applied
    .flatMap(({ appliedAt }) => appliedAt ?? [])
    .sort()
    .at(-1);
  return last === undefined || firstEventTime === undefined
    ? null
    : Date.parse(last) - Date.parse(firstEventTime);
}

function reportedDifference(difference: Difference): ReportedDifference {
  const { aspect, path, type, mode, expected, actual, access } = difference;
  return { aspect, path, type, mode, expected, actual, access };
}

function reportedChange(applied: AppliedChange): ReportedChange {
  const { outcome, heldBy, reason, dueAt, error, change } = applied;
  const { aspect, action, summary, effect } = change;
  return { aspect, action, summary, effect, outcome, heldBy, reason, dueAt, error };
}
