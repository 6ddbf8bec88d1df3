import { TerminalError } from './errors.ts';

/** What the functions are told by their environment. The only reader of process.env in the functions. */
export interface Config {
  /** The account that this installation serves. Events of other accounts are not acted on. */
  readonly accountId: string;
  /** URL of the queue that delivers CloudTrail events; delayed second looks go there, too. */
  readonly changesQueueUrl: string;
  /** Path of the bundled spec. */
  readonly specFile: string;
}

/** @throws {TerminalError} naming every variable that is missing. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const missing: string[] = [];
  const read = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') missing.push(name);
    return value ?? '';
  };
  const config = {
    accountId: read('ACCOUNT_ID'),
    changesQueueUrl: read('CHANGES_QUEUE_URL'),
    specFile: read('SPEC_FILE'),
  };
  if (missing.length > 0) throw new TerminalError(`environment variables are not set: ${missing.join(', ')}`);
  return config;
}
