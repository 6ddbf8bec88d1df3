import type { Guard } from './define.ts';

/** No write unless someone said enforce. */
export const mode: Guard = {
  name: 'mode',
  decide: ({ difference }) =>
    difference.mode === 'enforce'
      ? { decision: 'apply' }
      : {
          decision: 'hold',
          guard: 'mode',
          reason: 'this aspect is in detect mode: drift is only told',
          dueAt: null,
        },
};
