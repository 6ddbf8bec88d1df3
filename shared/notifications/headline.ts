import type { Access, ReconcileReport } from '../model.ts';
import { quoteOthersWords } from './quote-others-words.ts';
import { durationBetween } from './time-in-words.ts';
import { differenceInWords } from './difference-in-words.ts';

/** What happened to the role's access, in one sentence without the role's name: access gained is said before access lost. */
export function headline(report: ReconcileReport): string {
  const { differences, status } = report.drift;
  if (status === 'DELETED') return 'this role does not exist any more';
  const gained = outsidersFirst(
    differences.flatMap(({ access }) => access.gained),
    report.role.accountId,
  );
  const lost = differences.flatMap(({ access }) => access.lost);
  const [worst, ...others] = [...gained, ...lost];
  if (worst === undefined) {
    const [first, ...rest] = differences;
    return first === undefined
      ? 'this role is not as declared'
      : `${differenceInWords(first).sentence}${andMore(rest.length)}`;
  }
  const isGained = gained.length > 0;
  const sentence = quoteOthersWords(report)(worst.text);
  const told = isOver(report, isGained)
    ? inThePast(isGained ? forHowLong(sentence, report) : sentence)
    : sentence;
  return `${told}${andMore(others.length)}`;
}

/** What makes a report critical is what its one sentence must tell. */
function outsidersFirst(gained: readonly Access[], accountId: string): readonly Access[] {
  const isOutside = ({ principal }: Access) =>
    principal !== undefined && principal.startsWith('AWS:') && !principal.includes(accountId);
  return [...gained.filter(isOutside), ...gained.filter((access) => !isOutside(access))];
}

/** What was gained is over once it is closed, though something else may still be open; what was lost, once all is back. */
function isOver({ exposure, outcome, verified }: ReconcileReport, isGained: boolean): boolean {
  if (verified === false) return false;
  return isGained && exposure !== null ? exposure.to !== null : outcome === 'remediated';
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
