import type { ReconcileReport, ReportOutcome } from '../../../shared/model.ts';
import type { ExitCode } from '../io.ts';
import type { Span } from '../terminal.ts';
import { dim, green, red, yellow } from '../terminal.ts';
import { plural } from '../plural.ts';

/** What a replay came to. */
export interface Tally {
  count(report: ReconcileReport): void;
  /** A delayed look that nobody is told of: what was held may have been put back by it. */
  settle(report: ReconcileReport): void;
  /** Something could not be read, or ended in the dead-letter queue. */
  fail(): void;
  exitCode(): ExitCode;
  /** An event that concerned no declared role. */
  skip(): void;
  /** One line. `ignored` are records that are no IAM change. */
  summary(events: number, ignored: number): readonly Span[];
}

export function createTally(): Tally {
  const outcomes = new Map<ReportOutcome, number>();
  const roles = new Set<string>();
  let failures = 0;
  let drifted = 0;
  const held = new Set<string>();
  const settle = (report: ReconcileReport) => {
    if (report.outcome === 'remediated' || report.outcome === 'in-sync') held.delete(keyOf(report));
  };
  let skipped = 0;
  // One event may be about two roles, and a role be looked at again later: said where the numbers would not add up.
  const looksAt = (events: number) => {
    const looks = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
    return looks + skipped === events || looks === 0 ? '' : ` looked at ${looks} times`;
  };
  return {
    count: (report) => {
      outcomes.set(report.outcome, (outcomes.get(report.outcome) ?? 0) + 1);
      if (report.spec !== null) roles.add(keyOf(report));
      if (hasFailed(report)) failures += 1;
      else if (report.outcome === 'held') held.add(keyOf(report));
      else if (leavesDrift(report)) drifted += 1;
      settle(report);
    },
    settle,
    fail: () => {
      failures += 1;
    },
    skip: () => {
      skipped += 1;
    },
    exitCode: () => (failures > 0 ? 1 : drifted + held.size > 0 ? 2 : 0),
    summary: (events, ignored) => [
      `${plural(events, 'event')}, ${plural(roles.size, 'declared role')}${looksAt(events)}: `,
      ...outcomeSpans(outcomes),
      ...(skipped === 0 ? [] : [dim(` · ${plural(skipped, 'event')} on no declared role`)]),
      ...(ignored === 0 ? [] : [dim(` · ${plural(ignored, 'record')} no IAM change`)]),
    ],
  };
}

function hasFailed({ outcome, verified, changes }: ReconcileReport): boolean {
  return outcome === 'failed' || verified === false || changes.some((change) => change.outcome === 'failed');
}

function leavesDrift({ outcome }: ReconcileReport): boolean {
  return outcome === 'detected' || outcome === 'partly-remediated';
}

function keyOf({ role }: ReconcileReport): string {
  return `${role.accountId}/${role.roleName.toLowerCase()}`;
}

const words: readonly (readonly [ReportOutcome, string, (text: string) => Span])[] = [
  ['remediated', 'remediated', green],
  ['partly-remediated', 'partly remediated', yellow],
  ['failed', 'failed', red],
  ['held', 'held', yellow],
  ['detected', 'detected (left in place)', yellow],
  ['in-sync', 'in sync', (text) => text],
  ['not-checked', 'not declared', dim],
];

function outcomeSpans(outcomes: ReadonlyMap<ReportOutcome, number>): readonly Span[] {
  const spans = words.flatMap(([outcome, word, colour]): readonly Span[] => {
    const count = outcomes.get(outcome) ?? 0;
    return count === 0 ? [] : [', ', colour(`${count} ${word}`)];
  });
  return spans.length === 0 ? ['nothing to do'] : spans.slice(1);
}
