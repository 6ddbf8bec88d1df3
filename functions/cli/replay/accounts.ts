import { isRoleCreation } from '../../../shared/aspects/made-by.ts';
import { awsClients, type AwsClients } from '../../../shared/aws/clients.ts';
import type { EmbeddedAccount } from '../../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../../shared/embedded-account/server.ts';
import type { IamChangeEvent } from '../../../shared/model.ts';
import type { ClientsFor } from '../../../shared/ports/clients.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { RoleStates } from '../../../shared/ports/role-state.ts';
import type { Spec } from '../../../shared/spec/spec.ts';
import type { AuthorizationDetails } from '../authorization-details.ts';
import { exactNames, seedRoles } from '../seed-account.ts';

/** What an event did to the account before anyone looked. */
export interface Suffered {
  readonly applied: boolean;
  /** IAM's answer where it would have refused the change. */
  readonly refusal: string | null;
  /** false: the embedded account does not know this kind of change. */
  readonly modelled: boolean;
}

/** The accounts that the events happen in. */
export interface Accounts {
  readonly clientsFor: ClientsFor;
  /** Makes the event's account ready, which takes its time. */
  readonly prepare: (event: IamChangeEvent) => Promise<void>;
  /** Has the account suffer the event's own change; null where it is a real account. */
  readonly suffer: (event: IamChangeEvent) => Promise<Suffered | null>;
  readonly close: () => Promise<void>;
}

interface EmbeddedAccountsOptions {
  readonly spec: Spec;
  readonly events: readonly IamChangeEvent[];
  /** Output of `aws iam get-account-authorization-details`: its account starts so, not as the spec declares. */
  readonly startState: AuthorizationDetails | null;
  readonly clock: Clock;
  /** In which it is remembered what was there at the start. */
  readonly roleStates: RoleStates;
  readonly onProblem: (problem: string) => void;
}

interface Running {
  readonly account: EmbeddedAccount;
  readonly clients: AwsClients;
}

/** One embedded account for each account of the events, started when its first event comes. */
export function embeddedAccounts(options: EmbeddedAccountsOptions): Accounts {
  const running = new Map<string, Running>();
  return {
    clientsFor: (accountId) => running.get(accountId)?.clients ?? null,
    prepare: async (event) => {
      if (!running.has(event.accountId)) await start(event);
    },
    suffer: async (event) => {
      const account = running.get(event.accountId);
      return account === undefined ? null : suffer(account, event);
    },
    close: async () => {
      for (const { account, clients } of running.values()) {
        clients.destroy();
        await account.close();
      }
    },
  };

  async function start({ accountId, partition }: IamChangeEvent): Promise<void> {
    const account = await startEmbeddedAccount({ accountId, partition, clock: options.clock });
    const clients = clientsAt(account.endpoint);
    running.set(accountId, { account, clients });
    const { startState } = options;
    if (startState?.accountId === accountId) account.loadAuthorizationDetails(startState.details);
    else await seed({ account, clients }, rolesAtStart(options.spec, options.events, accountId));
  }

  async function suffer({ account, clients }: Running, event: IamChangeEvent): Promise<Suffered> {
    const suffered = account.apply(event);
    // The record proves that the role was created; where that cannot be simulated, it is as good as declared.
    const isLacking = isRoleCreation(event.eventName) && event.roleName !== null && !suffered.applied;
    if (isLacking) await seed({ account, clients }, [event.roleName]);
    return suffered;
  }

  async function seed({ account, clients }: Running, roleNames: Iterable<string>): Promise<void> {
    const { spec, clock, roleStates, onProblem } = options;
    const problems = await seedRoles(account, spec, roleNames, { clients, clock, roleStates });
    for (const problem of problems) onProblem(problem);
  }
}

/** Roles that the spec or an event names, but not those whose first event creates them: they were not there before. */
function rolesAtStart(spec: Spec, events: readonly IamChangeEvent[], accountId: string): Iterable<string> {
  const names = new Map(exactNames(spec).map((name) => [name.toLowerCase(), name]));
  const touched = new Set<string>();
  for (const event of events) {
    if (event.accountId !== accountId || event.roleName === null) continue;
    const key = event.roleName.toLowerCase();
    if (isRoleCreation(event.eventName) && !touched.has(key)) names.delete(key);
    else if (!touched.has(key) && !names.has(key)) names.set(key, event.roleName);
    touched.add(key);
  }
  return names.values();
}

/** For an embedded account. */
export function clientsAt(endpoint: string): AwsClients {
  return awsClients({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  });
}
