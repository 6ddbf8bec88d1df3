import { IAMClient } from '@aws-sdk/client-iam';

import { TerminalError } from '../../../shared/errors.ts';
import type { Io } from '../io.ts';
import type { Accounts } from './accounts.ts';

/**
 * The real account that the environment's credentials belong to, or whatever `AWS_ENDPOINT_URL_IAM` leads to.
 * Which account that is, IAM's answers tell: a role whose ARN is of another account than the event's is refused before
 * anything is changed. An emulator on this machine makes up its account id, so there it is not asked.
 */
export function liveAccounts(io: Io): Accounts {
  const clients = new Map<string, IAMClient>();
  return {
    clientsFor: (accountId) => {
      const iam = clients.get(accountId) ?? iamClient(io, accountId);
      clients.set(accountId, iam);
      return { iam };
    },
    prepare: async () => {},
    suffer: async () => null,
    close: async () => {
      for (const iam of clients.values()) iam.destroy();
    },
  };
}

function iamClient(io: Io, accountId: string): IAMClient {
  const iam = new IAMClient({ region: io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1' });
  if (!isEmulator(io.env)) refuseOtherAccounts(iam, accountId);
  return iam;
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
          `the credentials are for account ${actual}, the event happened in ${accountId}: use credentials for that account`,
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
