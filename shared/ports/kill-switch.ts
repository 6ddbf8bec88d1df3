/** Whether anything may be written at all, and the words of whoever said no. */
export type KillSwitchState = { readonly paused: false } | { readonly paused: true; readonly words: string };

/** Stops all writes to IAM without a deployment. An answer may be some seconds old. */
export interface KillSwitch {
  read(): Promise<KillSwitchState>;
}

/** The operators' side. */
export interface OperatorKillSwitch extends KillSwitch {
  pause(words: string): Promise<void>;
  unpause(): Promise<void>;
}

/** Where there is no such switch. */
export const alwaysOn: KillSwitch = { read: async () => ({ paused: false }) };

const RUN = 'run';
const PAUSE = 'pause';

/** The switch as the text of a parameter: `run`, or `pause: who and why`. Anything that is not `run` pauses. */
export function killSwitchText(state: KillSwitchState): string {
  return state.paused ? `${PAUSE}: ${state.words}` : RUN;
}

/** Reads such a text. Letters' case and space around it do not matter: people write it in the console. */
export function killSwitchFrom(text: string): KillSwitchState {
  const words = text.trim();
  if (words.toLowerCase() === RUN) return { paused: false };
  return { paused: true, words: words.replace(/^pause\b:?\s*/i, '') };
}
