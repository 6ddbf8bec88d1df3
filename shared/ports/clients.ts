import type { EKSClient } from '@aws-sdk/client-eks';
import type { IAMClient } from '@aws-sdk/client-iam';

/** The AWS services that the reconciler speaks, for one account. */
export interface Clients {
  readonly iam: Pick<IAMClient, 'send'>;
  /** EKS in a region; null for the region that this runs in. Made when first asked for. */
  readonly eks: (region: string | null) => Pick<EKSClient, 'send'>;
}

/** Clients for an account; null where this installation does not serve that account. */
export type ClientsFor = (accountId: string) => Clients | null;
