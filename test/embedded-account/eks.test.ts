import { ListPodIdentityAssociationsCommand } from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { awsClients, type AwsClients } from '../../shared/aws/clients.ts';
import { eksCall } from '../../shared/aspects/eks-call.ts';
import { readAssociations } from '../../shared/aspects/pod-identity-reads.ts';
import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';

let account: EmbeddedAccount;
let clients: AwsClients;

beforeEach(async () => {
  account = await startEmbeddedAccount({ accountId: '111122223333' });
  clients = awsClients({
    endpoint: account.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  clients.destroy();
  await account.close();
});

const get = async (path: string) => (await fetch(`${account.endpoint}${path}`)).json();
const roleArn = 'arn:aws:iam::111122223333:role/app';

describe('EKS in the embedded account', () => {
  it('lists page by page, and each region has its own clusters', async () => {
    for (let i = 0; i < 105; i += 1)
      account.createAssociation({
        clusterName: 'shop',
        namespace: 'default',
        serviceAccount: `s${i}`,
        roleArn,
        region: 'eu-west-1',
      });
    account.createCluster('shop');
    expect(await readAssociations(clients, { cluster: 'shop', region: null })).toEqual([]);
    expect(await readAssociations(clients, { cluster: 'shop', region: 'eu-west-1' })).toHaveLength(105);
    const lists = account.calls.filter(({ operation }) => operation === 'ListPodIdentityAssociations');
    expect(lists).toHaveLength(3);
  });

  it('knows no cluster that was not made', async () => {
    expect(await readAssociations(clients, { cluster: 'shop', region: null })).toBeNull();
    account.createCluster('shop');
    account.removeCluster('shop');
    const call = eksCall(null, new ListPodIdentityAssociationsCommand({ clusterName: 'shop' }));
    await expect(call.send(clients)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No cluster found for name: shop.',
    });
  });

  it('can be made to fail like any other call', async () => {
    account.createCluster('shop');
    account.inject({ operation: 'ListPodIdentityAssociations', error: 'Throttling' });
    await expect(readAssociations(clients, { cluster: 'shop', region: null })).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
  });

  it('refuses by name what it does not model, and what is no operation of EKS', async () => {
    expect(await get('/clusters/shop')).toEqual({
      message: 'The embedded account does not model DescribeCluster.',
    });
    expect(await get('/clusters/shop/nothing')).toEqual({
      message: 'Amazon EKS has no operation GET /clusters/shop/nothing',
    });
  });
});
