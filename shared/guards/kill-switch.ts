import { operatorCommand } from '../operator-command.ts';
import { after, defineGuard } from './define.ts';

// Nobody tells us when it is switched back: the role is looked at again so often.
const LOOK_AGAIN_MS = 5 * 60_000;

/** Operators can stop all writes at once. */
export const killSwitch = defineGuard({
  name: 'killSwitch',
  needs: ['killSwitch'],
  hold: (_change, _plan, context) => {
    const { killSwitch: state, now } = context;
    if (!state.paused) return null;
    return {
      reason: `all changes are paused${state.words === '' ? '' : `: ${state.words}`}`,
      dueAt: after(now, LOOK_AGAIN_MS),
      remedy: `Changes are paused; to go on: ${operatorCommand('unpause')}`,
    };
  },
});
