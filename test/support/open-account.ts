import type { IAMClient } from '@aws-sdk/client-iam';
import { onTestFinished } from 'vitest';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount, type EmbeddedAccountOptions } from '../../shared/embedded-account/server.ts';
import { clientOf } from './iam-client.ts';

interface OpenAccount {
  readonly account: EmbeddedAccount;
  readonly client: IAMClient;
}

/** An empty account and a client of it, for one test. */
export async function openAccount(options: Partial<EmbeddedAccountOptions> = {}): Promise<OpenAccount> {
  const account = await startEmbeddedAccount({ accountId: '123456789012', ...options });
  const client = clientOf(account.endpoint);
  onTestFinished(async () => {
    client.destroy();
    await account.close();
  });
  return { account, client };
}

/** Time that moves only when told; sleeping moves it at once. */
export function handClock(start = '2026-01-01T00:00:00Z') {
  let now = Date.parse(start);
  const advance = (milliseconds: number) => {
    now += milliseconds;
  };
  return {
    now: () => new Date(now),
    sleep: async (milliseconds: number) => advance(milliseconds),
    advance,
  };
}
