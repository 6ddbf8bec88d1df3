import type { Access, ReconcileReport } from '../model.ts';
import { durationBetween } from './time-in-words.ts';
import { accessInWords, differenceInWords } from './difference-in-words.ts';

/** What happened to the role's access, in one sentence without the role's name: access gained is said before access lost. */
export function headline(report: ReconcileReport): string {
  const { differences, status } = report.drift;
  if (status === 'DELETED') return 'this role does not exist any more';
  const gained = differences.flatMap((difference) => difference.access.gained);
  const lost = differences.flatMap((difference) => difference.access.lost);
  const [worst, ...others] = [...gained, ...lost];
  if (worst === undefined) {
    const [first, ...rest] = differences;
    return first === undefined
      ? 'this role is not as declared'
      : `${differenceInWords(first).sentence}${andMore(rest.length)}`;
  }
  return `${told(worst, report)}${forHowLong(worst, gained, report)}${andMore(others.length)}`;
}

/** What is over is told in the past. */
function told(access: Access, report: ReconcileReport): string {
  const sentence = accessInWords(access);
  const isOver = report.outcome === 'remediated' && report.verified === true;
  return isOver
    ? sentence.replace(' can now ', ' could ').replace(' can no longer ', ' could no longer ')
    : sentence;
}

function forHowLong(access: Access, gained: readonly Access[], report: ReconcileReport): string {
  const { exposure } = report;
  if (exposure === null || exposure.to === null || !gained.includes(access)) return '';
  const duration = durationBetween(exposure.from, exposure.to);
  return duration === null ? '' : ` for ${duration}`;
}

function andMore(count: number): string {
  return count === 0 ? '' : `, and ${count} more`;
}
