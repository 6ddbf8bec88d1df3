import { operatorCommand } from '../operator-command.ts';
import type { Exemption } from '../ports/controls.ts';
import { defineGuard, isAhead } from './define.ts';

const HOUR_MS = 3_600_000;

/**
 * Break-glass: an operator has asked to leave this role alone until a time. It ends by itself. The command line grants none
 * that is longer than the limit; what somebody wrote into the table past it is believed no longer either.
 */
export const exemption = defineGuard({
  name: 'exemption',
  needs: ['controls'],
  hold: (_change, _plan, { controls, observed, limits, now }) => {
    const { exemption: granted } = controls;
    if (granted === null) return null;
    const at = Date.parse(granted.at);
    // Else one from the far future would be as long as whoever wrote it likes.
    if (isAhead(granted.at, now)) return null;
    const until = endOf(granted, limits.exemptionHours);
    // One that is over as it begins is how an operator ends another, even if his clock is ahead of ours.
    if (Date.parse(until) <= Math.max(now.getTime(), at)) return null;
    return {
      reason: `${granted.by} has exempted this role: ${granted.reason}`,
      dueAt: until,
      remedy: `To have it put back before the exemption ends: ${operatorCommand('exempt', { roleName: observed.ref.roleName, options: ['--end'] })}`,
    };
  },
});

function endOf({ at, until }: Exemption, mostHours: number): string {
  const last = Date.parse(at) + mostHours * HOUR_MS;
  return Date.parse(until) <= last ? until : new Date(last).toISOString();
}
