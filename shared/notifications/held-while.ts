import type { ReportedChange } from '../model.ts';

/** Guards whose holds do not end at their time, which is that of the next look, and what must end first. */
const HELD_WHILE: ReadonlyMap<string | null, string> = new Map([['killSwitch', 'all changes are paused']]);

/** What must end before the hold does; undefined where it ends at its time. */
export function heldWhile({ heldBy }: Pick<ReportedChange, 'heldBy'>): string | undefined {
  return HELD_WHILE.get(heldBy);
}
