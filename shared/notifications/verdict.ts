import type { ReconcileReport, ReportedChange, Severity } from '../model.ts';
import { heldWhile } from './held-while.ts';
import { isRecreated } from './recreated.ts';
import { durationInWords, timeInWords } from './time-in-words.ts';

/** What became of it, in our own words only: nothing in it comes from the role, the policy or the caller. No full stop. */
export function verdict(report: ReconcileReport): string {
  const count = countOf(report.changes);
  const inTime = report.eventToFixMs === null ? '' : ` in ${durationInWords(report.eventToFixMs)}`;
  switch (report.outcome) {
    case 'in-sync':
      return 'As declared';
    case 'not-checked':
      return 'Not checked';
    case 'remediated':
      if (isRecreated(report))
        return report.verified === true
          ? `Created again${inTime}: what trusted the old unique id is still broken, and what the role still lacks follows in a quarter of a minute`
          : `Created again${inTime}, but a second read does not confirm it`;
      if (report.verified !== true) return `Put back${inTime}, but a second read does not confirm it`;
      return count('applied') === 0
        ? 'Found already put back, and verified'
        : `Put back and verified${inTime}`;
    case 'partly-remediated':
      return `Only partly put back: ${[
        ...counted(count('failed'), 'failed'),
        ...counted(count('held'), 'held'),
        ...(report.verified === false ? ['a second read does not confirm the rest'] : []),
      ].join(', ')}`;
    case 'failed':
      return report.verified === false
        ? 'Nobody has seen whether it was put back'
        : 'NOT put back: it failed';
    case 'held':
      return `NOT put back yet: ${heldUntil(report.changes)}`;
    case 'detected':
      if (report.drift.status === 'DELETED') return 'NOT put back: a deleted role is not created again';
      return report.changes.some((change) => change.heldBy === 'mode')
        ? 'NOT put back: this role is only watched (mode: detect)'
        : 'Left as it is: this is only reported';
    default:
      return report.outcome satisfies never;
  }
}

/** `Critical`, `High`, … */
export function severityInWords(severity: Severity): string {
  return `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`;
}

/** What must end before, or the earliest moment at which a hold ends. */
function heldUntil(changes: readonly ReportedChange[]): string {
  const [first] = changes.flatMap((change) => heldWhile(change) ?? []);
  if (first !== undefined) return `held while ${first}`;
  const due = changes.flatMap((change) => (change.dueAt === null ? [] : [change.dueAt])).sort()[0];
  return due === undefined ? 'held until a person releases it' : `held until ${timeInWords(due)}`;
}

function countOf(changes: readonly ReportedChange[]): (outcome: ReportedChange['outcome']) => number {
  return (outcome) => changes.filter((change) => change.outcome === outcome).length;
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'change' : 'changes'} ${what}`];
}
