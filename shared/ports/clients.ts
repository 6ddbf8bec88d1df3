import type { IAMClient } from '@aws-sdk/client-iam';

/** The AWS services that the reconciler speaks, for one account. */
export interface Clients {
  readonly iam: Pick<IAMClient, 'send'>;
}

/** Clients for an account; null where this installation does not serve that account. */
export type ClientsFor = (accountId: string) => Clients | null;
