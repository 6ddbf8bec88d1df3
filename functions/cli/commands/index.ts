import type { Command } from '../command.ts';

export interface ListedCommand {
  /** One line, for the list in the help. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/**
 * THE LIST of commands, as the help shows them. A new command is one file and one entry here.
 * Each is loaded when it is called: neither the help nor `compare` need wait for the AWS SDK that `replay` uses.
 */
export const commands: Readonly<Record<string, ListedCommand>> = {
  replay: {
    summary: 'feed recorded CloudTrail events through the production code, offline',
    load: async () => (await import('./replay.ts')).replay,
  },
  compare: {
    summary: 'compare two policy documents by meaning, and say what access differs',
    load: async () => (await import('./compare.ts')).compare,
  },
  validate: {
    summary: 'tell every fault of a spec, with its place and the remedy',
    load: async () => (await import('./validate.ts')).validate,
  },
  presets: {
    summary: 'the roles that AWS documents, ready to be declared by name',
    load: async () => (await import('./presets.ts')).presetsCommand,
  },
  'notify-test': {
    summary: 'send a clearly marked sample through the real channels',
    load: async () => (await import('./notify-test.ts')).notifyTest,
  },
  recreate: {
    summary: 'print what makes a deleted role again: a shell script, or a CloudFormation template',
    load: async () => (await import('./recreate.ts')).recreate,
  },
  rollback: {
    summary: 'put back what was there before an incident, and leave the role so for a while',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  'revoke-sessions': {
    summary: 'end the sessions of a role that were issued before a time',
    load: async () => (await import('./revoke-sessions.ts')).revokeSessions,
  },
  exempt: {
    summary: 'leave a role as it is for a while (break-glass)',
    load: async () => (await import('./exempt.ts')).exempt,
  },
  approve: {
    summary: 'take a role that was created again, or under a pattern, for the declared one',
    load: async () => (await import('./approve.ts')).approve,
  },
  resume: {
    summary: 'go ahead with what was held because too many roles had drifted',
    load: async () => (await import('./resume.ts')).resume,
  },
  pause: {
    summary: 'stop all changes at once (kill switch); drift is only told',
    load: async () => (await import('./pause.ts')).pause,
  },
  unpause: {
    summary: 'go on after "pause"',
    load: async () => (await import('./pause.ts')).unpause,
  },
  history: {
    summary: 'what happened to a role, or to all: incidents, newest first',
    load: async () => (await import('./history.ts')).history,
  },
  local: {
    summary: 'an IAM account on this machine, for the AWS CLI, SDKs and Terraform to talk to',
    load: async () => (await import('./local.ts')).local,
  },
};
