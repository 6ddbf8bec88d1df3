import { defineGuard } from './define.ts';

/** Break-glass: an operator has asked to leave this role alone until a time. It ends by itself. */
export const exemption = defineGuard({
  name: 'exemption',
  needs: ['controls'],
  hold: (_change, _plan, { controls, now }) => {
    const { exemption: granted } = controls;
    if (granted === null || Date.parse(granted.until) <= now.getTime()) return null;
    return {
      reason: `${granted.by} has exempted this role: ${granted.reason}`,
      dueAt: granted.until,
    };
  },
});
