import type { Cause, Json, ReconcileReport, ReportedChange, ReportedDifference } from '../model.ts';
import { describeActor, describeEvent, describeOrigin } from './actor-in-words.ts';
import { eventLink, roleLink } from './console-links.ts';
import { accessInWords, differenceInWords } from './difference-in-words.ts';
import { lineDiff } from './line-diff.ts';
import type { Line, Section, Span } from './notification.ts';
import { durationBetween, durationInWords, timeInWords } from './time-in-words.ts';
import { severityInWords, verdict } from './verdict.ts';

/**
 * What each line's loss costs the reader, the dearest first: what a long message sheds last. Severity, outcome, role,
 * the first cause and where the full report is are never shed.
 */
const shed = {
  never: 0,
  nextStep: 1,
  change: 2,
  gained: 3,
  difference: 4,
  detail: 5,
  tail: 6,
  diff: 7,
} as const;

/** How many of a kind are told in the first place of what a long message keeps. */
const foremost = 3;

/** The sections in the order of the questions that an engineer on call asks. Those with nothing to say are left out. */
export function sectionsOf(report: ReconcileReport): readonly Section[] {
  return [
    { title: '', lines: [...facts(report), ...causes(report)] },
    { title: 'What differs', lines: report.drift.differences.flatMap(differenceLines) },
    { title: 'What was done', lines: report.changes.map(changeLine) },
    { title: 'Exposure', lines: exposure(report) },
    { title: 'What to do next', lines: nextSteps(report) },
    { title: 'More', lines: more(report) },
  ].filter((section) => section.lines.length > 0);
}

function facts(report: ReconcileReport): readonly Line[] {
  return [
    fact('Severity', [words(severityInWords(report.severity))], shed.never),
    fact('Outcome', [words(`${report.outcome}: ${lowerFirst(verdict(report))}`)], shed.never),
    fact(
      'Role',
      [value(report.role.roleName), words(' in account '), value(report.role.accountId)],
      shed.never,
    ),
  ];
}

function causes(report: ReconcileReport): readonly Line[] {
  if (report.causes.length === 0) return [fact('Who', [words(withoutCause[report.trigger])], shed.never)];
  const told = report.causes.slice(0, foremost);
  const rest = report.causes.length - told.length;
  return [
    ...told.flatMap((cause, index) => causeLines(cause, report, index === 0 ? shed.never : shed.detail)),
    ...(rest === 0
      ? []
      : [fact('And', [words(`${rest} more ${rest === 1 ? 'event' : 'events'}`)], shed.detail)]),
  ];
}

const withoutCause: Readonly<Record<ReconcileReport['trigger'], string>> = {
  event: 'CloudTrail names nobody',
  resync: 'not known: found by the regular sweep, not by an event',
  operator: 'not known: found by a check that an operator asked for',
};

function causeLines(cause: Cause, report: ReconcileReport, weight: number): readonly Line[] {
  const origin = describeOrigin(cause.actor);
  const who = describeActor(cause.actor, report.role.accountId);
  return [
    fact('Who', [words(origin === '' ? who : `${who}, ${origin}`)], weight),
    fact(
      'Did',
      [words(`${describeEvent(cause.eventName)} this role (`), value(cause.eventName), words(')')],
      weight,
    ),
    fact('When', [words(timeInWords(cause.eventTime))], weight),
  ];
}

function differenceLines(difference: ReportedDifference, index: number): readonly Line[] {
  const { subject, key, verdict: what } = differenceInWords(difference);
  const head =
    key === null ? [words(`The ${subject} ${what}`)] : [words(`${subject}: `), value(key), words(` ${what}`)];
  const { gained, lost } = difference.access;
  return [
    text(head, index < foremost ? shed.difference : shed.tail),
    ...gained.map((access, at) =>
      item(
        [words(`+ ${accessInWords(access)}`)],
        at < foremost && index < foremost ? shed.gained : shed.tail,
      ),
    ),
    ...lost.map((access, at) =>
      item(
        [words(`- ${accessInWords(access)}`)],
        at < foremost && index < foremost ? shed.detail : shed.tail,
      ),
    ),
    ...diffLines(difference, key),
  ];
}

/** A diff longer than this is no longer short; the full report has it. */
const longestDiff = 30;

function diffLines({ expected, actual }: ReportedDifference, key: string | null): readonly Line[] {
  if (isSaidByKey(expected, key) && isSaidByKey(actual, key)) return [];
  const lines = lineDiff(expected, actual).map((line) => `${line.sign} ${line.text}`);
  const rest = lines.length - longestDiff;
  const told =
    rest > 0 ? [...lines.slice(0, longestDiff), `  … ${rest} more lines of this difference`] : lines;
  return told.map((line): Line => ({ form: 'code', label: null, spans: [value(line)], shed: shed.diff }));
}

/** An attached policy is named by its key; to print its ARN once more as a diff tells nothing. */
function isSaidByKey(document: Json, key: string | null): boolean {
  return document === null || document === key;
}

const changeWords: Readonly<Record<ReportedChange['outcome'], string>> = {
  applied: 'Done',
  'already-in-place': 'Already so',
  held: 'Held',
  failed: 'FAILED',
};

function changeLine(change: ReportedChange, index: number): Line {
  const why = [
    ...(change.heldBy === null ? [] : [` Held by ${change.heldBy}${due(change)}.`]),
    ...(change.reason === null ? [] : [` ${change.reason}`]),
    ...(change.error === null ? [] : [` IAM says: ${change.error}`]),
  ];
  return item(
    [
      words(`${changeWords[change.outcome]}: ${change.summary} (`),
      value(change.action),
      words(')'),
      ...why.map(words),
    ],
    index < foremost ? shed.change : shed.tail,
  );
}

function due(change: ReportedChange): string {
  return change.dueAt === null ? '' : ` until ${timeInWords(change.dueAt)}`;
}

function exposure(report: ReconcileReport): readonly Line[] {
  if (report.exposure === null) return [];
  const { from, to } = report.exposure;
  const duration = to === null ? null : durationBetween(from, to);
  const sentence =
    to === null
      ? `The access has been open since ${timeInWords(from)} and still is.`
      : `The access was open from ${timeInWords(from)} to ${timeInWords(to)}${duration === null ? '' : ` (${duration})`}. Sessions opened in that time live on until they expire, the revert does not end them.`;
  return [text([words(sentence)], shed.nextStep)];
}

function nextSteps(report: ReconcileReport): readonly Line[] {
  const { spec } = report;
  const place = spec === null ? null : `${spec.file}:${spec.line}`;
  const isTold = place === null || report.nextSteps.some((step) => step.includes(place));
  const [event] = report.causes;
  const url = event === undefined ? null : eventLink(report, event);
  return [
    ...report.nextSteps.map((step, index) =>
      item([words(step)], index < foremost ? shed.nextStep : shed.tail),
    ),
    ...(isTold ? [] : [item([words('Wanted? Change the spec at '), value(place)], shed.nextStep)]),
    ...(url === null
      ? []
      : [item([words('Suspicious? '), link('See the event in CloudTrail', url)], shed.nextStep)]),
  ];
}

function more(report: ReconcileReport): readonly Line[] {
  const role = roleLink(report);
  const events = report.causes.slice(1, foremost).flatMap((cause) => {
    const url = eventLink(report, cause);
    return url === null ? [] : [item([link('The event ', url), value(cause.eventId)], shed.detail)];
  });
  return [
    ...(report.eventToFixMs === null
      ? []
      : [item([words(`From event to fix: ${durationInWords(report.eventToFixMs)}`)], shed.detail)]),
    ...(role === null ? [] : [item([link('The role in the console', role)], shed.nextStep)]),
    ...events,
    item([words('Full report: in the ledger, incident '), value(report.incidentId)], shed.never),
  ];
}

const words = (content: string): Span => ({ kind: 'words', text: content });
const value = (content: string): Span => ({ kind: 'value', text: content });
const link = (content: string, url: string): Span => ({ kind: 'link', text: content, url });

const text = (spans: readonly Span[], weight: number): Line => ({
  form: 'text',
  label: null,
  spans,
  shed: weight,
});
const item = (spans: readonly Span[], weight: number): Line => ({
  form: 'item',
  label: null,
  spans,
  shed: weight,
});
const fact = (label: string, spans: readonly Span[], weight: number): Line => ({
  form: 'text',
  label,
  spans,
  shed: weight,
});

const lowerFirst = (sentence: string) => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
