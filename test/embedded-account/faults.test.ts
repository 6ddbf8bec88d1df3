import { AttachRolePolicyCommand, GetRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';

import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import { clientOf } from '../support/iam-client.ts';
import { readOnlyAccess, trusting } from '../support/iam-contract.ts';
import { handClock, openAccount } from '../support/open-account.ts';

const app = { roleName: 'app', trustPolicy: trusting({ Service: 'ec2.amazonaws.com' }) };
const attach = (RoleName = 'app') => new AttachRolePolicyCommand({ RoleName, PolicyArn: readOnlyAccess });

describe('faults on demand', () => {
  it('throttles, and the SDK tries again', async () => {
    const { account } = await openAccount();
    const client = clientOf(account.endpoint, 3);
    account.createRole(app);
    account.inject({ operation: 'AttachRolePolicy', error: 'Throttling' });
    const { $metadata } = await client.send(attach());
    expect($metadata.attempts).toBe(2);
    expect(account.calls.map(({ error }) => error)).toEqual(['Throttling', null]);
    client.destroy();
  });

  it.each([
    ['Throttling', 400, 'Throttling', 'Rate exceeded'],
    ['AccessDenied', 403, 'AccessDenied', 'User is not authorized to perform: iam:AttachRolePolicy'],
    ['ServiceFailure', 500, 'ServiceFailureException', 'An internal error occurred. Please try again later.'],
    ['ConcurrentModification', 409, 'ConcurrentModificationException', 'ConcurrentModification on demand'],
  ])('answers %s as IAM does, and nothing is done', async (error, httpStatusCode, name, message) => {
    const { account, client } = await openAccount();
    account.createRole(app);
    account.inject({ error });
    await expect(client.send(attach())).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode },
    });
    expect(account.role('app')?.managedPolicies).toEqual([]);
  });

  it('hangs up without an answer', async () => {
    const { account, client } = await openAccount();
    account.createRole(app);
    account.inject({ error: 'Timeout' });
    await expect(client.send(attach())).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(account.calls).toMatchObject([{ operation: 'AttachRolePolicy', error: 'Timeout' }]);
    expect(account.role('app')?.managedPolicies).toEqual([]);
  });

  it('may do what was asked and lose the answer', async () => {
    const { account, client } = await openAccount();
    account.createRole(app);
    account.inject({ error: 'Timeout', takesEffect: true });
    await expect(client.send(attach())).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(account.role('app')?.managedPolicies).toEqual([readOnlyAccess]);
  });

  it('strikes only the operation, the input and the number of times asked for', async () => {
    const { account, client } = await openAccount();
    account.createRole(app);
    account.createRole({ ...app, roleName: 'other' });
    account.inject({
      operation: 'AttachRolePolicy',
      error: 'AccessDenied',
      times: 2,
      when: (input) => input['RoleName'] === 'app',
    });
    await client.send(new GetRoleCommand({ RoleName: 'app' }));
    await client.send(attach('other'));
    for (const _ of ['first', 'second']) {
      await expect(client.send(attach())).rejects.toThrow('not authorized');
    }
    await client.send(attach());
  });

  it('strikes until it is cleared', async () => {
    const { account, client } = await openAccount();
    account.inject({ error: 'AccessDenied', times: Number.POSITIVE_INFINITY, message: 'explicit deny' });
    for (const _ of [1, 2, 3]) {
      await expect(client.send(new ListRolesCommand({}))).rejects.toThrow('explicit deny');
    }
    account.clearFaults();
    await client.send(new ListRolesCommand({}));
  });

  it('waits before each call, by the account’s clock', async () => {
    const clock = handClock();
    const { account, client } = await openAccount({ clock });
    account.setLatency(1500);
    await client.send(new ListRolesCommand({}));
    await client.send(new ListRolesCommand({}));
    expect(clock.now()).toEqual(new Date('2026-01-01T00:00:03Z'));
    expect(account.calls.map(({ at }) => at.toISOString())).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:01.500Z',
    ]);
  });

  it('closes at once, although clients keep their connections and wait for answers', async () => {
    const clock = { now: () => new Date(), sleep: () => new Promise<void>(() => {}) };
    const account = await startEmbeddedAccount({ accountId: '123456789012', clock });
    const client = clientOf(account.endpoint);
    await client.send(new ListRolesCommand({}));
    account.setLatency(1);
    const unanswered = client.send(new ListRolesCommand({})).catch(({ name }: Error) => name);
    await expect.poll(() => account.calls.length).toBe(2);
    await account.close();
    expect(await unanswered).toBe('TimeoutError');
    client.destroy();
    await expect(fetch(account.endpoint)).rejects.toThrow('fetch failed');
  });
});
