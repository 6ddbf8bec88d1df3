import { EKSClient, type EKSClientConfig } from '@aws-sdk/client-eks';
import { IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';

import type { Clients, ClientsFor } from '../ports/clients.ts';

// IAM's request rate is one bucket for the whole account: rather wait a little than fail the delivery.
const MAX_ATTEMPTS = 5;

/**
 * Clients for the one account that this installation serves. Where IAM and EKS answer is decided outside, by the SDK's
 * own `AWS_ENDPOINT_URL_IAM` and `AWS_ENDPOINT_URL_EKS`.
 */
export function ownAccountClients(ownAccountId: string): ClientsFor {
  const clients = awsClients({ maxAttempts: MAX_ATTEMPTS });
  return (accountId) => (accountId === ownAccountId ? clients : null);
}

/** Clients with a common configuration, and the way to let go of their connections. */
export interface AwsClients extends Clients {
  readonly iam: IAMClient;
  readonly destroy: () => void;
}

export function awsClients(config: IAMClientConfig & EKSClientConfig): AwsClients {
  const iam = new IAMClient(config);
  const byRegion = new Map<string | null, EKSClient>();
  const eks = (region: string | null) => {
    const client = byRegion.get(region) ?? new EKSClient(region === null ? config : { ...config, region });
    byRegion.set(region, client);
    return client;
  };
  return {
    iam,
    eks,
    destroy: () => {
      iam.destroy();
      for (const client of byRegion.values()) client.destroy();
    },
  };
}
