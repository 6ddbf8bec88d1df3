import type { Cause, ReconcileReport, ReportedChange } from '../model.ts';
import { splitCommand } from '../operator-command.ts';
import { describeActor, describeEvent, describeOrigin } from './actor-in-words.ts';
import { eventLink, roleLink } from './console-links.ts';
import { differenceLines } from './difference-lines.ts';
import { named } from './escape.ts';
import { heldWhile } from './held-while.ts';
import { code, command, fact, foremost, item, link, listed, sentence, shed, value, words } from './line.ts';
import type { Line, Section, Span } from './notification.ts';
import { quoteOthersWords } from './quote-others-words.ts';
import { isRecreated } from './recreated.ts';
import { durationBetween, durationInWords, timeInWords } from './time-in-words.ts';
import { severityInWords } from './verdict.ts';

/** A channel that has a place of its own for them finds them by this. */
export const nextStepsTitle = 'What to do next';

/** In the order of the questions that an engineer on call asks. Sections with nothing to say are left out. */
export function sectionsOf(report: ReconcileReport): readonly Section[] {
  const quote = quoteOthersWords(report);
  return [
    { title: '', lines: [...facts(report), ...causes(report)] },
    {
      title: 'What differs',
      lines: listed(report.drift.differences, 'differences', (difference, index) =>
        differenceLines(difference, index, quote),
      ),
    },
    {
      title: 'What was done',
      lines: listed(report.changes, 'changes', (change, index) => [changeLine(change, index, quote)]),
    },
    { title: 'Exposure', lines: exposure(report) },
    { title: nextStepsTitle, lines: nextSteps(report, quote) },
    { title: 'More', lines: more(report) },
    // Long, so they come last.
    ...recipes(report),
  ].filter(({ lines }) => lines.length > 0);
}

function facts(report: ReconcileReport): readonly Line[] {
  const { accountId, roleName } = report.role;
  return [
    fact('Severity', [words(severityInWords(report.severity))], shed.never),
    fact('Outcome', [words(`${report.outcome}${confirmed(report)}`)], shed.never),
    fact('Role', [value(roleName), words(' in account '), value(accountId)], shed.never),
  ];
}

function confirmed(report: ReconcileReport): string {
  const { outcome, verified } = report;
  if (verified === null) return '';
  if (verified && outcome === 'remediated' && isRecreated(report)) return ', there again by a second read';
  const what = outcome === 'partly-remediated' ? ', what was put back' : ',';
  return `${what} ${verified ? 'verified' : 'NOT confirmed'} by a second read`;
}

const withoutCause: Readonly<Record<ReconcileReport['trigger'], string>> = {
  event: 'CloudTrail names nobody',
  resync: 'not known: found by the regular sweep, not by an event',
  operator: 'not known: found by a check that an operator asked for',
};

/** The first cause's actor in one line; who else there was stands in the sections. */
export function whoDidIt(report: ReconcileReport): string {
  const [first] = report.causes;
  if (first === undefined) return withoutCause[report.trigger];
  const origin = describeOrigin(first.actor);
  return `${describeActor(first.actor, report.role.accountId)}${origin === '' ? '' : `, ${origin}`}`;
}

function causes(report: ReconcileReport): readonly Line[] {
  if (report.causes.length === 0) return [fact('Who', [words(withoutCause[report.trigger])], shed.never)];
  const rest = report.causes.length - foremost;
  return [
    ...report.causes
      .slice(0, foremost)
      .flatMap((cause, index) => causeLines(cause, report, index === 0 ? shed.never : shed.detail)),
    ...(rest > 0
      ? [fact('And', [words(`${rest} more ${rest === 1 ? 'event' : 'events'}`)], shed.detail)]
      : []),
  ];
}

function causeLines({ actor, eventName, eventTime }: Cause, report: ReconcileReport, weight: number) {
  const origin = describeOrigin(actor);
  // Two spans, each shortened for itself: a long name must not push the address out of the message.
  const who = [
    words(describeActor(actor, report.role.accountId)),
    ...(origin === '' ? [] : [words(`, ${origin}`)]),
  ];
  return [
    fact('Who', who, weight),
    fact('Did', [words(`${describeEvent(eventName)} this role (`), value(eventName), words(')')], weight),
    fact('When', [words(timeInWords(eventTime))], weight),
  ];
}

function changeLine(change: ReportedChange, index: number, quote: (sentence: string) => string): Line {
  const why = [
    ...(change.reason === null ? [] : [` Reason: ${quote(change.reason)}`]),
    ...(change.error === null ? [] : [` IAM says: ${quote(change.error)}`]),
  ];
  return item(
    [
      words(`${whatBecameOf(change)}: ${quote(change.summary)} (`),
      value(change.action),
      words(why.length === 0 ? ')' : ').'),
      ...why.map(words),
    ],
    index < foremost ? shed.change : shed.tail,
  );
}

function whatBecameOf(change: ReportedChange): string {
  const { outcome, heldBy } = change;
  switch (outcome) {
    case 'applied':
      return 'Done';
    case 'already-in-place':
      return 'Already so';
    case 'held':
      return `Held${heldBy === null ? '' : ` by ${named(heldBy)}`}${forHowLongHeld(change)}`;
    case 'failed':
      return 'FAILED';
    default:
      return outcome satisfies never;
  }
}

function forHowLongHeld({ dueAt, heldBy }: ReportedChange): string {
  const what = heldWhile({ heldBy });
  if (what === undefined) return dueAt === null ? '' : ` until ${timeInWords(dueAt)}`;
  const nextLook = dueAt === null ? '' : `, looked at again at ${timeInWords(dueAt)}`;
  return ` while ${what}${nextLook}`;
}

function exposure(report: ReconcileReport): readonly Line[] {
  if (report.exposure === null) return [];
  const { from, to } = report.exposure;
  const stillOpen = report.verified === false ? 'nobody has seen it closed' : 'still is';
  const told =
    to === null
      ? `The access has been open since ${timeInWords(from)} and ${stillOpen}.`
      : `The access was open ${forHowLong(from, to)}.`;
  return [sentence([words(told)], shed.nextStep)];
}

function forHowLong(from: string, to: string): string {
  const duration = durationBetween(from, to);
  const [start, end] = [timeInWords(from), timeInWords(to)];
  if (duration === null) return `from ${start} to ${end}`;
  return start === end ? `for ${duration} at ${start}` : `for ${duration}, from ${start} to ${end}`;
}

function nextSteps(report: ReconcileReport, quote: (sentence: string) => string): readonly Line[] {
  const place = report.spec === null ? null : `${report.spec.file}:${report.spec.line}`;
  const isTold = place === null || report.nextSteps.some((step) => step.includes(place));
  const [event] = report.causes;
  const url = event === undefined ? null : eventLink(report, event);
  return [
    ...listed(report.nextSteps, 'steps', (step, index) => [
      item(stepSpans(step, quote), index < foremost ? shed.nextStep : shed.tail),
    ]),
    ...(isTold ? [] : [item([words('If it was wanted, change the spec at '), value(place)], shed.nextStep)]),
    ...(url === null
      ? []
      : [item([words('If it is suspicious: '), link('the event in CloudTrail', url)], shed.nextStep)]),
  ];
}

function stepSpans(step: string, quote: (sentence: string) => string): readonly Span[] {
  const split = splitCommand(step);
  if (split.command === null) return [words(quote(step))];
  // The colon apart: however short the words are cut, nothing is glued to the command.
  const said = split.words.replace(/: $/, '');
  const before = said === '' ? [] : [words(quote(said)), words(': ')];
  return [...before, command(split.command)];
}

function recipes(report: ReconcileReport): readonly Section[] {
  const { recreate } = report;
  // Of one that is there again, IAM would refuse it.
  if (recreate === undefined || isRecreated(report)) return [];
  return [
    wholeCode('A script that creates the role', recreate.script),
    // Where there is none, the next steps say why.
    ...(recreate.cloudFormation === null
      ? []
      : [wholeCode('The same as a CloudFormation template', recreate.cloudFormation)]),
  ];
}

/** Nobody must copy half a script. */
function wholeCode(title: string, text: string): Section {
  const lines = text.trimEnd().split('\n');
  return { title, lines: lines.map((line) => code(line, shed.diff)), isWhole: true };
}

function more(report: ReconcileReport): readonly Line[] {
  const role = roleLink(report);
  const otherEvents = report.causes.slice(1, foremost).flatMap((cause) => {
    const url = eventLink(report, cause);
    return url === null ? [] : [item([link('Another event in CloudTrail', url)], shed.detail)];
  });
  return [
    ...(report.eventToFixMs === null
      ? []
      : [item([words(`From event to fix: ${durationInWords(report.eventToFixMs)}`)], shed.detail)]),
    ...(role === null ? [] : [item([link('The role in the console', role)], shed.nextStep)]),
    ...otherEvents,
    item(
      [
        words('Full report: in the ledger, incident '),
        value(report.incidentId),
        words(', report '),
        value(report.id),
      ],
      shed.never,
    ),
  ];
}
