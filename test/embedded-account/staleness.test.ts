import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { StateHistory } from '../../shared/embedded-account/history.ts';
import { emptyState, type AccountState } from '../../shared/embedded-account/state.ts';
import { readOnlyAccess, trusting } from '../support/iam-contract.ts';
import { handClock, openAccount } from '../support/open-account.ts';

const RoleName = 'app';
const change = { RoleName, PolicyArn: readOnlyAccess };

async function staleAccount() {
  const clock = handClock();
  const opened = await openAccount({ clock });
  opened.account.setStaleness(5000);
  opened.account.createRole({ roleName: RoleName, trustPolicy: trusting({ Service: 'ec2.amazonaws.com' }) });
  const read = async () => {
    const { AttachedPolicies } = await opened.client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return AttachedPolicies?.map(({ PolicyArn }) => PolicyArn);
  };
  return { ...opened, clock, read };
}

describe('stale reads', () => {
  it('show a change only after the time that was set', async () => {
    const { account, client, clock, read } = await staleAccount();
    await client.send(new AttachRolePolicyCommand(change));
    expect(await read()).toEqual([]);
    expect(account.role(RoleName)?.managedPolicies).toEqual([readOnlyAccess]);
    clock.advance(4999);
    expect(await read()).toEqual([]);
    clock.advance(1);
    expect(await read()).toEqual([readOnlyAccess]);
  });

  it('do not make writes stale', async () => {
    const { client } = await staleAccount();
    await client.send(new AttachRolePolicyCommand(change));
    await client.send(new DetachRolePolicyCommand(change));
    await expect(client.send(new DetachRolePolicyCommand(change))).rejects.toThrow('was not found');
  });

  it('hide the change of a recorded event too, but nothing that was set', async () => {
    const { account, clock, read } = await staleAccount();
    account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: RoleName, policyArn: readOnlyAccess },
    });
    expect(await read()).toEqual([]);
    clock.advance(5000);
    expect(await read()).toEqual([readOnlyAccess]);
  });

  it('need to be asked for: without, a clock that is set back hides nothing', async () => {
    const { account, client, clock, read } = await staleAccount();
    account.setStaleness(0);
    await client.send(new AttachRolePolicyCommand(change));
    clock.advance(-60_000);
    expect(await read()).toEqual([readOnlyAccess]);
  });

  it('show the past as it was, however many changes came after', () => {
    const changes = fc.array(fc.tuple(fc.nat(1000), fc.nat(10_000)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(changes, fc.nat(5000), (steps, staleness) => {
        const history = new StateHistory(emptyState);
        history.remember(5000);
        const all: { at: number; state: AccountState }[] = [
          { at: Number.NEGATIVE_INFINITY, state: emptyState },
        ];
        let now = 0;
        for (const [pause] of steps) {
          now += pause;
          const state = { ...emptyState };
          history.add(state, now);
          all.push({ at: now, state });
          const expected = all.findLast(({ at }) => at <= now - staleness);
          expect(history.asOf(now - staleness)).toBe(expected?.state);
          expect(history.current).toBe(state);
        }
      }),
    );
  });
});
