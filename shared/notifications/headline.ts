import { isInPlace } from '../change-outcome.ts';
import type { Access, ReconcileReport } from '../model.ts';
import { isOutsider } from '../policy/outsider.ts';
import { quoteOthersWords } from './quote-others-words.ts';
import { isRecreated } from './recreated.ts';
import { durationBetween } from './time-in-words.ts';
import { differenceInWords } from './difference-in-words.ts';

/** What happened to the role's access, in one sentence without the role's name: access gained is said before access lost. */
export function headline(report: ReconcileReport): string {
  const { differences, status } = report.drift;
  if (isRecreated(report)) return 'this role was deleted, and is there again with a new unique id';
  if (status === 'DELETED') return 'this role does not exist any more';
  const forMany = toldForMany(report);
  if (forMany !== null) return forMany;
  const gained = outsidersFirst(accessOf(report, 'gained'), report.role.accountId);
  const [worst, ...others] = [...gained, ...accessOf(report, 'lost')];
  if (worst === undefined) {
    const [first, ...rest] = differences;
    return first === undefined
      ? 'this role is not as declared'
      : `${differenceInWords(first).sentence}${andMore(rest.length)}`;
  }
  const isGained = gained.length > 0;
  const isOver = isUndone(report, worst, isGained);
  const sentence = quoteOthersWords(report)(worst.text);
  const told = isOver ? inThePast(isGained ? forHowLong(sentence, report) : sentence) : sentence;
  const stillOpen = isOver && gained.slice(1).some((access) => !isUndone(report, access, true));
  return `${told}${andMore(others.length)}${stillOpen ? ' (still open)' : ''}`;
}

/** One report tells for all roles that are held for a spec that is new: they are the news, and not this one. */
function toldForMany({ changes }: ReconcileReport): string | null {
  const held = changes.find(({ heldBy, dueAt }) => heldBy === 'blastRadius' && dueAt === null);
  return held?.reason?.split(':', 1)[0] ?? null;
}

interface AccessOfAspect extends Access {
  readonly aspect: string;
}

function accessOf({ drift }: ReconcileReport, which: 'gained' | 'lost'): readonly AccessOfAspect[] {
  return drift.differences.flatMap(({ aspect, access }) => access[which].map((one) => ({ ...one, aspect })));
}

/** What makes a report critical is what its one sentence must tell. */
function outsidersFirst(gained: readonly AccessOfAspect[], accountId: string): readonly AccessOfAspect[] {
  const isOutside = ({ principal }: Access) => isOutsider(principal, accountId);
  return [...gained.filter(isOutside), ...gained.filter((access) => !isOutside(access))];
}

/**
 * What was gained is over once it is closed, though something else may still be open: all is closed where the exposure
 * ended, else all of an aspect whose changes were all made. What was lost is over once all is back.
 */
function isUndone(report: ReconcileReport, { aspect }: AccessOfAspect, isGained: boolean): boolean {
  const { exposure, outcome, verified } = report;
  if (verified === false) return false;
  if (!isGained || exposure === null) return outcome === 'remediated';
  const changes = report.changes.filter((change) => change.aspect === aspect);
  // What the spec itself leaves in place stands, whatever was closed beside it. Where there is nothing beside it, it has ended.
  if (isLeftBySpec(changes) && !isLeftBySpec(report.changes)) return false;
  const isDone = changes.every(isInPlace);
  return exposure.to !== null || (outcome === 'partly-remediated' && changes.length > 0 && isDone);
}

function isLeftBySpec(changes: ReconcileReport['changes']): boolean {
  return changes.length > 0 && changes.every(({ heldBy }) => heldBy === 'spec');
}

function inThePast(sentence: string): string {
  return sentence.replace(' can now ', ' could ').replace(' can no longer ', ' could no longer ');
}

function forHowLong(sentence: string, { exposure }: ReconcileReport): string {
  if (exposure === null || exposure.to === null) return sentence;
  const duration = durationBetween(exposure.from, exposure.to);
  if (duration === null) return sentence;
  return sentence.includes(',') ? `${sentence} (for ${duration})` : `${sentence} for ${duration}`;
}

function andMore(count: number): string {
  return count === 0 ? '' : `, and ${count} more`;
}
