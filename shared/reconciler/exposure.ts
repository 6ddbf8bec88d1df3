import { isInPlace } from '../change-outcome.ts';
import type { AppliedChange, Difference, ReconcileReport } from '../model.ts';
import { isMaker, isSincePutBack } from './makers.ts';
import type { ReportInput } from './report.ts';

/** Access that was gained and is closed again. */
export interface ClosedGains {
  readonly differences: readonly Difference[];
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/**
 * How long the gained access stood; to is null while any of it still stands. What the spec itself leaves in place is told as
 * that, and does not hide when the rest was closed. Pure.
 */
export function exposureOf(input: ReportInput): ReconcileReport['exposure'] {
  const gaining = gainsIn(input);
  const opened = gaining.filter(({ leftBySpec }) => leftBySpec === null);
  const exposed = opened.length > 0 ? opened : gaining;
  if (exposed.length === 0) return null;
  const times = exposed.flatMap((difference) => closedAt(difference, input) ?? []);
  const to = times.length < exposed.length ? null : latest(times);
  return { from: beginningOf(exposed, input), to };
}

/** What of it is closed, whatever else still stands; null if nothing. Pure. */
export function closedGainsOf(input: ReportInput): ClosedGains | null {
  const differences = gainsIn(input).filter((difference) => closedAt(difference, input) !== null);
  const to = latest(differences.flatMap((difference) => closedAt(difference, input) ?? []));
  return to === null ? null : { differences, from: beginningOf(differences, input), to };
}

/** Whether a crash came in between, and nobody has looked since for any of what is not known to be closed. Pure. */
export function isUnseen(input: ReportInput): boolean {
  const open = gainsIn(input).filter((difference) => closedAt(difference, input) === null);
  return open.every((difference) =>
    input.applied.some(
      ({ change, sinceCrash }) => change.difference === difference && sinceCrash === 'unseen',
    ),
  );
}

function gainsIn({ drift }: ReportInput): readonly Difference[] {
  return drift.differences.filter(({ access }) => access.gained.length > 0);
}

/** By the first event that may have made it; where none is known, no later than anything is known of it. */
function beginningOf(differences: readonly Difference[], input: ReportInput): string {
  const { request, openSince, reverts = [], startedAt } = input;
  const those = (isIt: typeof isMaker) =>
    request.causes.filter((cause) => differences.some((difference) => isIt(cause, difference, reverts)));
  const makers = those(isMaker);
  const causes = makers.length > 0 ? makers : those(isSincePutBack);
  const known = makers.length > 0 ? [] : [openSince ?? startedAt.toISOString()];
  const [first] = [...causes.map(({ eventTime }) => eventTime), ...known].sort(byTime);
  return first ?? startedAt.toISOString();
}

function closedAt(difference: Difference, { applied, startedAt }: ReportInput): string | null {
  const closing = applied.find((one) => one.change.difference === difference && isClosed(one));
  return closing === undefined ? null : (closing.appliedAt ?? startedAt.toISOString());
}

// By us or, of what was held, by somebody else.
function isClosed(one: AppliedChange): boolean {
  return isInPlace(one) || one.sinceCrash === 'gone';
}

function latest(times: readonly string[]): string | null {
  return times.toSorted(byTime).at(-1) ?? null;
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}
