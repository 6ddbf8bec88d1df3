import type { Span } from './terminal.ts';
import { inertJson, paint } from './terminal.ts';

/** 0: all is as declared. 1: something failed, or the input is unusable. 2: drift is left in place, or two documents differ. */
export type ExitCode = 0 | 1 | 2;

/** stdout or stderr. Only spans and JSON can be written, so that nothing reaches a terminal unescaped. */
export interface Output {
  readonly colour: boolean;
  readonly columns: number;
  /** A person looks: long lines are broken at words. Programs get each message as one line. */
  readonly isTerminal: boolean;
  line(...spans: readonly Span[]): void;
  json(value: unknown, indent?: number): void;
}

/** The world outside, handed in so that tests run commands in process. */
export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Errors, faults, progress and logs. */
  readonly stderr: Output;
  /** All of stdin. */
  readonly stdin: () => Promise<Uint8Array>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `events/` and `infra/spec/` lie that came with the program. */
  readonly packageRoot: string;
  /** Resolves on SIGINT or SIGTERM. */
  readonly stopped: () => Promise<void>;
}

/** An `Output` over anything that takes text. */
export function createOutput(
  write: (text: string) => void,
  paper: { readonly colour: boolean; readonly columns: number; readonly isTerminal: boolean },
): Output {
  return {
    ...paper,
    line: (...spans) => {
      write(`${paint(spans, paper)}\n`);
    },
    json: (value, indent) => {
      write(`${inertJson(value, indent)}\n`);
    },
  };
}
