import { defineGuard } from './define.ts';

/** Break-glass: an operator has asked to leave this role alone until a time. It ends by itself. */
export const exemption = defineGuard({
  name: 'exemption',
  needs: ['controls'],
  hold: (_change, _plan, { controls, now }) => {
    const { exemption: granted } = controls;
    if (granted === null) return null;
    const until = Date.parse(granted.until);
    // One that is over as it begins is how an operator ends another, even if his clock is ahead of ours.
    if (until <= Math.max(now.getTime(), Date.parse(granted.at))) return null;
    return {
      reason: `${granted.by} has exempted this role: ${granted.reason}`,
      dueAt: granted.until,
    };
  },
});
