import type { KillSwitchState, OperatorKillSwitch } from '../ports/kill-switch.ts';

/** In this process's memory, for replay and tests. */
export function memoryKillSwitch(): OperatorKillSwitch {
  let state: KillSwitchState = { paused: false };
  return {
    read: async () => state,
    pause: async (words) => {
      state = { paused: true, words };
    },
    unpause: async () => {
      state = { paused: false };
    },
  };
}
