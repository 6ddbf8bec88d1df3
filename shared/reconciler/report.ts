import { isInPlace } from '../change-outcome.ts';
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
import type { Revert } from '../ports/role-state.ts';
import { asTold } from './explaining-causes.ts';
import { exposureOf } from './exposure.ts';
import { nextSteps } from './next-steps.ts';
import { sortedCauses } from './identifiers.ts';
import { isMaker } from './makers.ts';
import { severityOf } from './severity.ts';

/** All that is known at the end of a reconciliation. */
export interface ReportInput {
  readonly id: string;
  readonly incidentId: string;
  readonly request: ReconcileRequest;
  /** null where the role is not declared. */
  readonly desired: DesiredRole | null;
  /** When a look first found what is still to be put back, ISO 8601. */
  readonly openSince?: string;
  /** What was put back at earlier looks. */
  readonly reverts?: readonly Revert[];
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
  const exposure = exposureOf(input);
  return {
    schemaVersion: '1',
    id: input.id,
    incidentId: input.incidentId,
    time: input.endedAt.toISOString(),
    trigger: request.trigger,
    spec: desired?.spec ?? null,
    role: { accountId: role.accountId, roleName: role.roleName, arn: observed?.arn ?? null },
    causes: request.causes.map(asTold),
    severity: severityOf(drift.differences, role),
    mode: modeOf(desired, drift.differences),
    drift: { status: drift.status, differences: drift.differences.map(reportedDifference) },
    changes: applied.map(reportedChange),
    outcome: outcomeOf(drift, applied),
    verified: input.verified,
    exposure,
    nextSteps: nextSteps(input, exposure),
    ...(input.recipe && { recreate: input.recipe }),
    eventToFixMs: eventToFixMs(input),
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
  if (applied.some(isInPlace)) return some('failed') || some('held') ? 'partly-remediated' : 'remediated';
  if (some('failed')) return 'failed';
  return applied.some(({ heldBy }) => heldBy !== 'mode' && heldBy !== 'spec') ? 'held' : 'detected';
}

/** What was in force: the differences' own mode where they agree, else the stricter. */
function modeOf(desired: DesiredRole | null, differences: readonly Difference[]): Mode {
  if (differences.length === 0) return desired?.mode ?? 'detect';
  return differences.some(({ mode }) => mode === 'enforce') ? 'enforce' : 'detect';
}

/** From the first event that may have made what was put back. */
function eventToFixMs({ applied, request: { causes }, reverts = [] }: ReportInput): number | null {
  const done = applied.filter(({ appliedAt }) => appliedAt !== null);
  const [last] = done
    .flatMap(({ appliedAt }) => appliedAt ?? [])
    .sort()
    .slice(-1);
  const makers = causes.filter((cause) =>
    done.some(({ change }) => isMaker(cause, change.difference, reverts)),
  );
  const [first] = sortedCauses(makers.length > 0 ? makers : causes);
  return last === undefined || first === undefined ? null : Date.parse(last) - Date.parse(first.eventTime);
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
