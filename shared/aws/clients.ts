import { IAMClient } from '@aws-sdk/client-iam';

import type { ClientsFor } from '../ports/clients.ts';

// IAM's request rate is one bucket for the whole account: rather wait a little than fail the delivery.
const MAX_ATTEMPTS = 5;

/**
 * Clients for the one account that this installation serves. Where IAM answers is decided outside, by the SDK's own
 * `AWS_ENDPOINT_URL_IAM`.
 */
export function ownAccountClients(ownAccountId: string): ClientsFor {
  const clients = { iam: new IAMClient({ maxAttempts: MAX_ATTEMPTS }) };
  return (accountId) => (accountId === ownAccountId ? clients : null);
}
