import { describe, expect, it } from 'vitest';

import {
  aSpec,
  anApp,
  attach,
  backdoor,
  detach,
  managed,
  putTrust,
  told,
  trustsEc2,
} from '../support/app-role.ts';

describe('trouble with AWS', () => {
  it('a throttled call is sent again and succeeds', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'GetRole', error: 'Throttling', times: 1 });
    expect(await app.happen(putTrust(backdoor))).toEqual([]);
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it('a read that is denied goes back to the queue, with nothing changed and nothing told', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'ListAttachedRolePolicies', error: 'AccessDenied', times: 1 });
    const event = putTrust(backdoor);
    expect(await app.happen(event)).toEqual(['m0']);
    expect(app.account.role('app')?.trustPolicy).toEqual(backdoor);
    expect(app.reports).toEqual([]);
    expect(await app.deliver(event)).toEqual([]);
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it('a write that is denied is reported as failed and delivered again, as the same incident', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'UpdateAssumeRolePolicy', error: 'AccessDenied', times: 1 });
    const event = putTrust(backdoor);
    expect(await app.happen(event)).toEqual(['m0']);
    expect(await app.deliver(event)).toEqual([]);
    expect(app.reports.map(({ outcome }) => outcome)).toEqual(['failed', 'remediated']);
    expect(new Set(app.reports.map(({ incidentId }) => incidentId)).size).toBe(1);
  });

  it('a write whose answer is lost is found to be made, and told as put back', async () => {
    const app = await anApp();
    app.account.inject({
      operation: 'UpdateAssumeRolePolicy',
      error: 'ServiceFailure',
      takesEffect: true,
      times: 9,
    });
    const event = putTrust(backdoor);
    expect(await app.happen(event)).toEqual(['m0']);
    expect(await app.deliver(event)).toEqual([]);
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(told(app)).toMatchObject([
      { outcome: 'remediated', verified: true, exposure: { to: '2026-03-02T10:00:01.000Z' } },
    ]);
  });

  it('a message that is no event is a batch item failure, and the others go on', async () => {
    const app = await anApp();
    app.account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('AdministratorAccess') },
    });
    expect(await app.deliver('{ nonsense', attach('AdministratorAccess'), 'null')).toEqual(['m0', 'm2']);
    expect(app.reports).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('one failing change among three does not stop the other of its kind, and what restores is held', async () => {
    const app = await anApp();
    app.account.inject({
      operation: 'DetachRolePolicy',
      error: 'ServiceFailure',
      times: 9,
      when: ({ PolicyArn }) => PolicyArn === managed('PowerUserAccess'),
    });
    const again = await app.happen(
      detach('ReadOnlyAccess'),
      attach('PowerUserAccess'),
      attach('AdministratorAccess'),
    );
    expect(again).toEqual(['m0', 'm1', 'm2']);
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('PowerUserAccess')]);
    expect(app.reports).toMatchObject([{ outcome: 'partly-remediated', verified: true }]);
    expect(
      app.reports[0]?.changes.map(({ summary, outcome, heldBy }) => ({ summary, outcome, heldBy })),
    ).toEqual([
      { summary: 'detach AdministratorAccess', outcome: 'applied', heldBy: null },
      { summary: 'detach PowerUserAccess', outcome: 'failed', heldBy: null },
      { summary: 'attach ReadOnlyAccess', outcome: 'held', heldBy: 'closeFirst' },
    ]);
  });

  it('the quota of policies reached: the attachment fails with its remedy and is not delivered again', async () => {
    const app = await anApp(aSpec({ unlisted: 'report' }));
    app.account.apply({
      eventName: 'DetachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('ReadOnlyAccess') },
    });
    for (let index = 0; index < 10; index += 1) {
      const policyArn = `arn:aws:iam::111122223333:policy/filler-${index}`;
      app.account.apply({ eventName: 'AttachRolePolicy', requestParameters: { roleName: 'app', policyArn } });
    }
    expect(await app.deliver(detach('ReadOnlyAccess'))).toEqual([]);
    expect(app.reports).toMatchObject([{ outcome: 'failed' }]);
    const failed = app.reports[0]?.changes.find(({ outcome }) => outcome === 'failed');
    expect(failed?.error).toContain('LimitExceeded');
    expect(app.reports[0]?.nextSteps.join()).toContain('quota');
  });

  it('NoSuchEntity that means the policy is not taken for the role', async () => {
    const app = await anApp(aSpec({ attached: [managed('SecurityAudit')] }));
    app.account.apply({
      eventName: 'DetachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('ReadOnlyAccess') },
    });
    app.account.inject({
      operation: 'AttachRolePolicy',
      error: 'NoSuchEntity',
      message: 'Policy does not exist or is not attachable.',
    });
    await app.deliver(detach('SecurityAudit'));
    expect(app.reports).toMatchObject([{ outcome: 'failed', drift: { status: 'MODIFIED' } }]);
  });

  it('a policy that somebody else detached meanwhile is already in place', async () => {
    const app = await anApp();
    app.account.inject({
      operation: 'DetachRolePolicy',
      error: 'NoSuchEntity',
      when: () => {
        app.account.apply({
          eventName: 'DetachRolePolicy',
          requestParameters: { roleName: 'app', policyArn: managed('AdministratorAccess') },
        });
        return true;
      },
    });
    await app.happen(attach('AdministratorAccess'));
    expect(app.reports).toMatchObject([
      { outcome: 'remediated', verified: true, changes: [{ outcome: 'already-in-place' }] },
    ]);
  });
});
