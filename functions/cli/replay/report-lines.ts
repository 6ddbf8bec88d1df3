import type {
  Actor,
  Cause,
  ChangeOutcome,
  Json,
  ReconcileReport,
  ReportedChange,
  ReportedDifference,
  Severity,
} from '../../../shared/model.ts';
import { describeAct, describeOrigin } from '../../../shared/notifications/actor-in-words.ts';
import { isRecreated } from '../../../shared/notifications/recreated.ts';
import { durationInWords, timeInWords } from '../../../shared/notifications/time-in-words.ts';
import { lineDiff } from '../../../shared/notifications/line-diff.ts';
import { splitCommand } from '../../../shared/operator-command.ts';
import { accessLines } from '../access-lines.ts';
import type { Span } from '../terminal.ts';
import { bold, dim, green, red, shorten, styled, yellow } from '../terminal.ts';
import { plural } from '../plural.ts';
import { wrap } from '../wrap.ts';

type Line = readonly Span[];

const indent = ' '.repeat(10);
const longestValue = 60;
const mostDiffLines = 6;
const longestDiffLine = 240;
const mostCauses = 3;

/** Whether a report is worth more than one line: a role was not as declared. */
export function isLoud({ outcome }: ReconcileReport): boolean {
  return outcome !== 'in-sync' && outcome !== 'not-checked';
}

/** A report as a person reads it. A later look is one that no event of its own asked for. */
export function reportLines(report: ReconcileReport, columns: number, isLaterLook = false): readonly Line[] {
  const shown = shownTime(report, isLaterLook);
  return isLoud(report) ? block(report, shown, columns) : quietLine(report, shown, columns);
}

function quietLine(report: ReconcileReport, shown: string, columns: number): readonly Line[] {
  const word = report.outcome === 'in-sync' ? 'still as declared' : 'not declared, left alone';
  const result = report.outcome === 'not-checked' && report.spec !== null ? 'protected, left alone' : word;
  const text = `${whatHappened(report)} ${report.role.roleName}: ${result}`;
  return wrap([dim(`${clockTime(shown)}  `)], [dim(text)], columns);
}

/** What is left as it is, in a text to compare; null where there is nothing, or something was done about it. */
export function leftAsItIs({ outcome, drift, changes }: ReconcileReport): string | null {
  if (outcome !== 'held' && outcome !== 'detected') return null;
  const differences = drift.differences.map(({ path, type, actual }) => [path, type, actual]);
  return JSON.stringify([differences, changes.map(({ summary, heldBy }) => [summary, heldBy])]);
}

/** A report that leaves what the one shown before has left: an event about it that has changed nothing. */
export function unchangedLines(report: ReconcileReport, columns: number): readonly Line[] {
  const { causes, changes, role } = report;
  const latest = causes.toSorted((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime)).slice(-1);
  const guard = changes.find(({ heldBy }) => heldBy !== 'spec' && heldBy !== 'mode')?.heldBy ?? null;
  const text = `${whatHappened({ ...report, causes: latest })} ${role.roleName}: `;
  const still = guard === null ? 'still left as it is' : `still held by ${guard}`;
  return wrap([dim(`${clockTime(shownTime(report, false))}  `)], [dim(text), yellow(still)], columns);
}

function block(report: ReconcileReport, shown: string, columns: number): readonly Line[] {
  const [cause] = report.causes;
  const headline = [whatHappened(report), ' ', bold(report.role.roleName), '  ', severity(report.severity)];
  const parts = [
    cause === undefined || isSameSecond(cause.eventTime, shown) ? '' : `at ${timeBeside(cause, shown)}`,
    cause === undefined ? '' : originOf(cause.actor),
  ];
  const origin = parts.filter((part) => part !== '').join(', ');
  return [
    ...wrap([dim(clockTime(shown)), '  '], headline, columns),
    ...(origin === '' ? [] : wrap([indent], [dim(origin)], columns)),
    ...report.causes.slice(1, mostCauses).flatMap((other) => otherCause(other, report, shown, columns)),
    ...moreCauses(report, columns),
    ...report.drift.differences.flatMap((difference) => differenceLines(difference, columns)),
    ...report.changes.flatMap((change, at) => heldTogether(change, at, report.changes, columns)),
    ...verdictLines(report, columns),
    ...homework(report).flatMap((step) => stepLines(step, columns)),
  ];
}

/** What is mended asks nothing of anybody, unless it was an attack; `--json` has the steps nevertheless. */
function homework(report: ReconcileReport): readonly string[] {
  const { outcome, severity: level, nextSteps } = report;
  return outcome === 'remediated' && level !== 'critical' && !isRecreated(report) ? [] : nextSteps;
}

function stepLines(step: string, columns: number): readonly Line[] {
  const { words, command } = splitCommand(step);
  const toPaste = command === null ? [] : [styled('command', command)];
  return wrap([indent, dim('→ ')], [dim(words), ...toPaste], columns);
}

function originOf(actor: Actor): string {
  const origin = describeOrigin(actor);
  return [...(origin === '' ? [] : [origin]), ...clientOf(actor)].join(', ');
}

/** What AWS's SDKs add to their own name: versions of parts, operating system, configuration. */
const sdkMetadata = /^(?:api|app|cfg|exec-env|ft|lang|m|md|os|ua)\//;

/** The products that a client says it is made of, up to its first remark in brackets; in quotes that it cannot close. */
function clientOf({ userAgent, sourceIpAddress }: Actor): readonly string[] {
  if (userAgent === null || userAgent === sourceIpAddress) return [];
  const [beforeRemark = ''] = userAgent.slice(0, 500).replaceAll('"', "'").split('(', 1);
  const products = beforeRemark.split(' ').filter((word) => word !== '' && !sdkMetadata.test(word));
  return products.length === 0 ? [] : [`client "${shorten(products.join(' '), 40)}"`];
}

function whatHappened({ causes, role }: ReconcileReport): string {
  const [cause] = causes;
  if (cause === undefined) return 'a second look at';
  // What the client says of itself stands in the next line, as it said it.
  return describeAct({ ...cause, actor: { ...cause.actor, userAgent: null } }, role.accountId);
}

function otherCause(
  cause: Cause,
  { role }: ReconcileReport,
  shown: string,
  columns: number,
): readonly Line[] {
  const did = `${describeAct(cause, role.accountId)} this role`;
  return wrap([indent], [dim(`${timeBeside(cause, shown)} ${did}`)], columns);
}

function moreCauses({ causes }: ReconcileReport, columns: number): readonly Line[] {
  const rest = causes.length - mostCauses;
  return rest <= 0 ? [] : wrap([indent], [dim(`and ${plural(rest, 'more event')}`)], columns);
}

/** The time under which a report is shown: of its latest event, or of a later look itself, as at what was held. */
export function shownTime({ causes, time }: ReconcileReport, isLaterLook: boolean): string {
  const latest = causes
    .map(({ eventTime }) => eventTime)
    .sort()
    .at(-1);
  return isLaterLook ? time : (latest ?? time);
}

function clockTime(iso: string): string {
  return iso.slice(11, 19);
}

function isSameSecond(a: string, b: string): boolean {
  return a.slice(0, 19) === b.slice(0, 19);
}

/** With the day, where that is another than the one under which it is told. */
function timeBeside({ eventTime }: Cause, shown: string): string {
  const day = eventTime.slice(0, 10);
  return day === shown.slice(0, 10) ? clockTime(eventTime) : `${day} ${clockTime(eventTime)}`;
}

function severity(level: Severity): Span {
  const styles = { critical: 'alarm', high: 'red', medium: 'yellow', low: 'dim', none: 'dim' } as const;
  return styled(styles[level], level);
}

function differenceLines(difference: ReportedDifference, columns: number): readonly Line[] {
  const { access, expected, actual, path } = difference;
  const sentences = accessLines(access, indent, columns);
  const isDocument = typeof expected === 'object' && typeof actual === 'object';
  if (isDocument && expected !== null && actual !== null) {
    const head =
      sentences.length === 0 ? wrap([indent, yellow('≠ ')], [`${path} is not as declared`], columns) : [];
    return [...head, ...sentences, ...documentLines(expected, actual, columns)];
  }
  if (sentences.length > 0) return sentences;
  const values = [`${path} is `, yellow(brief(actual)), `, declared is ${brief(expected)}`];
  return wrap([indent, yellow('≠ ')], values, columns);
}

function brief(value: Json): string {
  return value === null ? 'nothing' : shorten(JSON.stringify(value), longestValue);
}

/** Where two documents differ: `declared` and `found`, no more than a glance takes in. */
function documentLines(expected: Json, actual: Json, columns: number): readonly Line[] {
  const changed = lineDiff(expected, actual).filter(({ sign, text }) => sign !== ' ' && /\w/.test(text));
  const left = changed.length - mostDiffLines;
  const shown = changed.slice(0, mostDiffLines).map(({ sign, text }, at) => {
    const name = sign === '-' ? 'declared' : 'found';
    const label = changed[at - 1]?.sign === sign ? '' : name;
    // Often it is the end of a line that differs: wrapped, not cut.
    const first = [indent, dim(`  ${label.padEnd(10)}`)];
    return wrap(first, [dim(shorten(text.trim(), longestDiffLine))], columns);
  });
  const rest = left > 0 ? [[indent, dim(`  and ${left} more lines (--json has both documents)`)]] : [];
  return [...shown.flat(), ...rest];
}

/** What is held in a row by one guard for one reason has the reason once, at the end. */
function heldTogether(
  change: ReportedChange,
  at: number,
  changes: readonly ReportedChange[],
  columns: number,
): readonly Line[] {
  const next = changes[at + 1];
  if (next === undefined || !isHeldAlike(change, next)) return changeLines(change, columns);
  // What the spec leaves is not named here: the reason alone would stand there twice.
  return change.heldBy === 'spec' ? [] : wrap([indent, yellow('◦ ')], [`would ${change.summary}`], columns);
}

function isHeldAlike(a: ReportedChange, b: ReportedChange): boolean {
  // The reason of a mode speaks of "this aspect".
  const isHeld = a.outcome === 'held' && b.outcome === 'held' && a.heldBy !== 'mode';
  return isHeld && a.heldBy === b.heldBy && a.reason === b.reason && a.dueAt === b.dueAt;
}

/** What was done about one difference, or why it was not. */
export function changeLines(change: ReportedChange, columns: number, margin = indent): readonly Line[] {
  const { summary, reason, dueAt, error } = change;
  const due = dueAt === null ? null : `looked at again at ${timeInWords(dueAt)}`;
  const why = [reason, due].filter((part) => part !== null).join('; ');
  const because = why === '' ? '' : `: ${why}`;
  const lines = {
    applied: [green('✓ '), inPast(summary)],
    'already-in-place': [green('✓ '), `${inPast(summary)}: it was already so`],
    held: [yellow('◦ '), ...heldWords(change, because)],
    failed: [red('✗ '), red(`could not ${summary}`), `: ${error ?? why}`],
  } satisfies Record<ChangeOutcome, readonly [Span, ...Span[]]>;
  const [mark, ...text] = lines[change.outcome];
  return wrap([margin, mark], text, columns);
}

function heldWords({ summary, heldBy, reason }: ReportedChange, because: string): readonly [Span, ...Span[]] {
  if (heldBy === 'spec') return ['left in place', because];
  if (heldBy === 'mode' && reason !== null) return [`would ${summary}, but ${reason}`];
  return [`would ${summary}; held by ${heldBy ?? 'a guard'}`, because];
}

const irregular = new Map([
  ['put', 'put'],
  ['set', 'set'],
  ['tag', 'tagged'],
  ['untag', 'untagged'],
]);

/** "detach X" → "detached X". Summaries are ours, in the imperative. */
function inPast(summary: string): string {
  const [verb = '', ...rest] = summary.split(' ');
  return [irregular.get(verb) ?? (verb.endsWith('e') ? `${verb}d` : `${verb}ed`), ...rest].join(' ');
}

function verdictLines(report: ReconcileReport, columns: number): readonly Line[] {
  const { verified, eventToFixMs } = report;
  if (verified === null) return [];
  const after = eventToFixMs === null ? '' : `, ${durationInWords(eventToFixMs)} after the event`;
  if (!verified) return wrap([indent, red('✗ ')], [red('a second read does not confirm it')], columns);
  const rest = isRecreated(report) ? '; what it still lacks follows in a quarter of a minute' : '';
  return wrap([indent, green('✓ ')], [whatWasFound(report), dim(after), rest], columns);
}

function whatWasFound(report: ReconcileReport): string {
  if (report.outcome !== 'remediated') return 'a second read confirms it';
  return isRecreated(report)
    ? 'a second read found the role there again, with a new unique id'
    : 'a second read found the role as declared';
}
