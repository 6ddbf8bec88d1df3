import type { Command } from '../command.ts';

/**
 * THE LIST of commands, as the help shows them. A new command is one file and one line here.
 * Each is loaded when it is called: `compare` need not wait for the AWS SDK that `replay` uses.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  replay: async () => (await import('./replay.ts')).replay,
  compare: async () => (await import('./compare.ts')).compare,
  validate: async () => (await import('./validate.ts')).validate,
  presets: async () => (await import('./presets.ts')).presetsCommand,
  'notify-test': async () => (await import('./notify-test.ts')).notifyTest,
  recreate: async () => (await import('./recreate.ts')).recreate,
  rollback: async () => (await import('./rollback.ts')).rollback,
  'revoke-sessions': async () => (await import('./revoke-sessions.ts')).revokeSessions,
  exempt: async () => (await import('./exempt.ts')).exempt,
  approve: async () => (await import('./approve.ts')).approve,
  resume: async () => (await import('./resume.ts')).resume,
  pause: async () => (await import('./pause.ts')).pause,
  unpause: async () => (await import('./pause.ts')).unpause,
  history: async () => (await import('./history.ts')).history,
  local: async () => (await import('./local.ts')).local,
};

/** All of them, for the help. */
export async function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()));
}
