import { describe, expect, it } from 'vitest';

import {
  anApp,
  aSpec,
  attach,
  backdoor,
  managed,
  operations,
  putTrust,
  trustsEc2,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';

describe('the cost of looking', () => {
  it('in sync: one round of reads, no write', async () => {
    const app = await anApp();
    await app.deliver(putTrust(trustsEc2));
    expect(operations(app).toSorted()).toEqual(['GetRole', 'ListAttachedRolePolicies']);
  });

  it('drifted: reads, writes in order, one verifying round', async () => {
    const app = await anApp();
    await app.happen(putTrust(backdoor));
    const [reads, write, again] = [operations(app).slice(0, 2), operations(app)[2], operations(app).slice(3)];
    expect([reads.sort(), write, again.sort()]).toEqual([
      ['GetRole', 'ListAttachedRolePolicies'],
      'UpdateAssumeRolePolicy',
      ['GetRole', 'ListAttachedRolePolicies'],
    ]);
  });

  it('the reads of a round are under way together', async () => {
    const app = await anApp();
    app.account.setLatency(150);
    const started = performance.now();
    await app.deliver(putTrust(trustsEc2));
    expect(performance.now() - started).toBeLessThan(290);
  });

  it('a role that is not declared costs no call', async () => {
    const app = await anApp();
    await app.deliver(
      anIamEvent('AttachRolePolicy', { roleName: 'other', policyArn: managed('ReadOnlyAccess') }),
    );
    expect(operations(app)).toEqual([]);
    expect(app.reports).toMatchObject([{ outcome: 'not-checked', drift: { status: 'NOT_CHECKED' } }]);
  });

  it('an event of another account touches nothing here', async () => {
    const app = await anApp();
    await app.deliver({ ...putTrust(backdoor), recipientAccountId: '444455556666' });
    expect(operations(app)).toEqual([]);
  });
});

describe('several events about one role', () => {
  it('are one reconciliation that reports all causes, each once, in order of time', async () => {
    const app = await anApp();
    const first = { ...putTrust(backdoor), eventTime: '2026-03-02T09:59:58Z' };
    const second = { ...attach('AdministratorAccess'), eventTime: '2026-03-02T09:59:59Z' };
    await app.happen(second, first);
    await app.deliver(first);
    expect(app.reports).toHaveLength(2);
    expect(app.reports[0]?.causes.map(({ eventName }) => eventName)).toEqual([
      'UpdateAssumeRolePolicy',
      'AttachRolePolicy',
    ]);
  });

  it('an event that is delivered twice in a batch is told once', async () => {
    const app = await anApp();
    const event = putTrust(backdoor);
    await app.happen(event);
    await app.deliver(event, event);
    expect(app.reports[1]?.causes).toHaveLength(1);
  });

  it('names that differ in case are one role', async () => {
    const app = await anApp();
    await app.happen(putTrust(backdoor));
    await app.deliver(
      anIamEvent('AttachRolePolicy', { roleName: 'APP', policyArn: managed('ReadOnlyAccess') }),
      attach('ReadOnlyAccess'),
    );
    expect(app.reports).toHaveLength(2);
    expect(app.reports[1]).toMatchObject({ role: { roleName: 'app' }, causes: [{}, {}] });
  });
});

describe('stale reads', () => {
  it('a change that reads as in sync a moment later gets a second look before it is believed', async () => {
    const app = await anApp();
    app.clock.advance(60_000);
    app.account.setStaleness(3000);
    const event = { ...putTrust(backdoor), eventTime: '2026-03-02T10:01:00Z' };
    await app.happen(event);
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
    expect(app.rechecks).toMatchObject([{ delaySeconds: 15 }]);
    await app.deliverRechecks();
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(app.reports[1]).toMatchObject({
      outcome: 'remediated',
      verified: true,
      causes: [{ eventName: 'UpdateAssumeRolePolicy' }],
    });
  });

  it('a second look at what was in sync tells nothing again that was told meanwhile', async () => {
    const app = await anApp(aSpec({ more: { mode: 'detect' } }));
    await app.deliver(putTrust(trustsEc2));
    await app.happen(attach('SecurityAudit'));
    await app.deliverRechecks();
    expect(app.reports.map(({ outcome }) => outcome)).toEqual(['in-sync', 'detected']);
    expect(app.repeats).toHaveLength(1);
  });

  it('a second look that finds nothing asks for no third', async () => {
    const app = await anApp();
    await app.deliver(putTrust(trustsEc2));
    await app.deliverRechecks();
    expect(app.rechecks).toEqual([]);
  });

  it('a verification that disagrees until the end is told, and the role is looked at again', async () => {
    const app = await anApp();
    app.account.inject({
      operation: 'DetachRolePolicy',
      error: 'Throttling',
      when: () => {
        app.account.setStaleness(30_000);
        return false;
      },
    });
    const event = attach('AdministratorAccess');
    app.account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('AdministratorAccess') },
    });
    app.clock.advance(60_000);
    await app.deliver(event);
    expect(app.reports).toMatchObject([{ outcome: 'remediated', verified: false }]);
    expect(app.rechecks).toMatchObject([{ delaySeconds: 30 }]);
    app.clock.advance(60_000);
    await app.deliverRechecks();
    expect(app.reports[1]).toMatchObject({ outcome: 'in-sync' });
  });
});
