import { IAMClient } from '@aws-sdk/client-iam';

import type { EmbeddedAccount } from '../../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../../shared/embedded-account/server.ts';
import type { IamChangeEvent } from '../../../shared/model.ts';
import type { Clients, ClientsFor } from '../../../shared/ports/clients.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Spec } from '../../../shared/spec/spec.ts';
import { type NamedRoles, seedAccount } from '../seed-account.ts';
import { accountIdsIn } from './authorization-details.ts';

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
  readonly startState: unknown;
  readonly clock: Clock;
  readonly onProblem: (problem: string) => void;
}

interface Running {
  readonly account: EmbeddedAccount;
  readonly iam: IAMClient;
}

/** One embedded account for each account of the events, started when its first event comes. */
export function embeddedAccounts(options: EmbeddedAccountsOptions): Accounts {
  const running = new Map<string, Running>();
  const startStateOf = accountIdsIn(options.startState);
  return {
    clientsFor: (accountId) => running.get(accountId) ?? null,
    prepare: async (event) => {
      if (!running.has(event.accountId)) await start(event);
    },
    suffer: async (event) => running.get(event.accountId)?.account.apply(event) ?? null,
    close: async () => {
      for (const { account, iam } of running.values()) {
        iam.destroy();
        await account.close();
      }
    },
  };

  async function start({ accountId, partition }: IamChangeEvent): Promise<void> {
    const account = await startEmbeddedAccount({ accountId, partition, clock: options.clock });
    const iam = iamClientAt(account.endpoint);
    running.set(accountId, { account, iam });
    if (startStateOf.has(accountId)) account.loadAuthorizationDetails(options.startState);
    else await seed(account, { iam });
  }

  async function seed(account: EmbeddedAccount, clients: Clients): Promise<void> {
    const own = options.events.filter(({ accountId }) => accountId === account.accountId);
    const problems = await seedAccount(account, options.spec, rolesNamed(own), {
      clients,
      clock: options.clock,
    });
    for (const problem of problems) options.onProblem(problem);
  }
}

/** The roles that the events name. One whose first event creates it was not there before. */
function rolesNamed(events: readonly IamChangeEvent[]): NamedRoles {
  const named = new Set<string>();
  const absent = new Set<string>();
  for (const { eventName, roleName } of events) {
    if (roleName === null) continue;
    const isFirst = !named.has(roleName.toLowerCase());
    if (isFirst && eventName === 'CreateRole') absent.add(roleName.toLowerCase());
    named.add(roleName.toLowerCase());
  }
  return { named: new Set(events.flatMap(({ roleName }) => roleName ?? [])), absent };
}

function iamClientAt(endpoint: string): IAMClient {
  return new IAMClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  });
}
