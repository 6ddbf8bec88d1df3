import { systemClock } from '../../../shared/aws/system-clock.ts';
import type { IamChangeEvent } from '../../../shared/model.ts';
import type { RoleStates } from '../../../shared/ports/role-state.ts';
import type { Spec } from '../../../shared/spec/spec.ts';
import type { AuthorizationDetails } from '../authorization-details.ts';
import type { Args } from '../command.ts';
import type { Io } from '../io.ts';
import { dim, yellow } from '../terminal.ts';
import { embeddedAccounts } from './accounts.ts';
import { liveAccounts } from './live-account.ts';
import type { ReplaySettings } from './settings.ts';
import type { Simulation } from './simulate.ts';
import { createVirtualClock } from './virtual-clock.ts';

interface StageOptions {
  readonly settings: ReplaySettings;
  readonly spec: Spec;
  readonly events: readonly IamChangeEvent[];
  readonly startState: AuthorizationDetails | null;
  readonly roleStates: RoleStates;
}

/** The accounts and the clock: real or embedded. */
export function setStage(
  io: Io,
  args: Args,
  options: StageOptions,
): Pick<Simulation, 'accounts' | 'clock' | 'arrive' | 'patienceMs' | 'debug'> {
  const debug: Simulation['debug'] = (message, keys) => {
    if (args.flag('debug')) io.stderr.line(dim(`${message} ${JSON.stringify(keys, errorsAsText)}`));
  };
  if (options.settings.live) {
    const effect = args.flag('apply') ? 'changes are made' : 'nothing is changed without --apply';
    io.stderr.line(dim(`Live: real roles, with the credentials of this environment; ${effect}.`));
    return { accounts: liveAccounts(io), clock: systemClock, arrive: () => {}, patienceMs: 60_000, debug };
  }
  const clock = createVirtualClock(beforeFirst(options.events));
  const onProblem = (problem: string) => {
    io.stderr.line(yellow('! '), problem);
  };
  return {
    accounts: embeddedAccounts({ ...options, clock, onProblem }),
    clock,
    arrive: clock.set,
    // As long as the longest exemption.
    patienceMs: 25 * 3_600_000,
    debug,
  };
}

/** Early enough for the accounts to be filled: the clock runs meanwhile, and an event must not find it late. */
function beforeFirst([first]: readonly IamChangeEvent[]): Date {
  return new Date(Date.parse(first?.eventTime ?? '1970-01-02T00:00:00Z') - 60_000);
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
