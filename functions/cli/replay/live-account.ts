import type { IAMClient } from '@aws-sdk/client-iam';

import { awsClients, type AwsClients } from '../../../shared/aws/clients.ts';
import { TerminalError } from '../../../shared/errors.ts';
import { withRemedy } from '../aws-remedy.ts';
import type { Io } from '../io.ts';
import type { Accounts } from './accounts.ts';

/** Clients for whatever account is asked for: whose credentials these are, only IAM knows. */
export interface LiveAccounts extends Accounts {
  readonly clientsFor: (accountId: string) => AwsClients;
}

/**
 * The real account that the environment's credentials belong to, or whatever `AWS_ENDPOINT_URL_IAM` leads to.
 * Which account that is, IAM's answers tell: a role whose ARN is of another account than the event's is refused before
 * anything is changed. An emulator on this machine makes up its account id, so there it is not asked.
 *
 * @param profile Of the shared AWS configuration, instead of the environment's credentials.
 */
export function liveAccounts(io: Io, profile: string | null = null): LiveAccounts {
  const byAccount = new Map<string, AwsClients>();
  const clientsFor = (accountId: string) => {
    const clients = byAccount.get(accountId) ?? clientsOf(io, accountId, profile);
    byAccount.set(accountId, clients);
    return clients;
  };
  return {
    clientsFor,
    // Before any event is delivered: without credentials none can be worked on.
    prepare: async ({ accountId }) => {
      await clientsFor(accountId)
        .iam.config.credentials()
        .catch((error: unknown) => {
          throw withRemedy(error);
        });
    },
    suffer: async () => null,
    close: async () => {
      for (const clients of byAccount.values()) clients.destroy();
    },
  };
}

// Whoever names a profile knows that the environment has other credentials: the SDK would warn of them.
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function clientsOf(io: Io, accountId: string, profile: string | null): AwsClients {
  const region = io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const clients = awsClients({ region, ...(profile !== null && { profile, logger: quiet }) });
  if (!isEmulator(io.env)) refuseOtherAccounts(clients.iam, accountId);
  return clients;
}

/** Every reconciliation reads the role before it writes, so this stands before every write. */
function refuseOtherAccounts(iam: IAMClient, accountId: string): void {
  iam.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const arn = 'Role' in answer.output ? answer.output.Role?.Arn : undefined;
      const actual = arn?.split(':')[4];
      if (actual !== undefined && actual !== accountId) {
        throw new TerminalError(
          `the credentials are for account ${actual}, the role is in ${accountId}: use credentials for that account`,
        );
      }
      return answer;
    },
    { step: 'initialize', name: 'refuseOtherAccounts' },
  );
}

function isEmulator(env: Io['env']): boolean {
  const endpoint = env['AWS_ENDPOINT_URL_IAM'] ?? env['AWS_ENDPOINT_URL'] ?? '';
  return (
    URL.canParse(endpoint) && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(endpoint).hostname)
  );
}
