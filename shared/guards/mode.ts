import { defineGuard } from './define.ts';

/** No write unless someone said enforce. */
export const mode = defineGuard({
  name: 'mode',
  hold: ({ difference }) =>
    difference.mode === 'enforce' ? null : { reason: 'this aspect is in detect mode: drift is only told' },
});
