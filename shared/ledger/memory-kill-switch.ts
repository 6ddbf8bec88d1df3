import type { KillSwitchState, OperatorKillSwitch } from '../ports/kill-switch.ts';

export interface MemoryKillSwitch extends OperatorKillSwitch {
  saved(): KillSwitchState;
}

/** In this process's memory, for replay and tests. */
export function memoryKillSwitch(earlier: KillSwitchState = { paused: false }): MemoryKillSwitch {
  let state = earlier;
  return {
    read: async () => state,
    saved: () => state,
    pause: async (words) => {
      state = { paused: true, words };
    },
    unpause: async () => {
      state = { paused: false };
    },
  };
}
