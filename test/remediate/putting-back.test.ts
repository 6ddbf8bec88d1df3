import { describe, expect, it } from 'vitest';

import {
  aSpec,
  anApp,
  attach,
  backdoor,
  detach,
  managed,
  operations,
  putTrust,
  trustsEc2,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';

describe('a drifted role goes back to its spec', () => {
  it('a backdoored trust policy is put back, verified, and told with the account that could enter', async () => {
    const app = await anApp();
    await app.happen(putTrust(backdoor));
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(app.reports).toMatchObject([
      {
        outcome: 'remediated',
        verified: true,
        severity: 'critical',
        drift: {
          status: 'MODIFIED',
          differences: [
            {
              aspect: 'trustPolicy',
              access: { gained: [{ principal: 'AWS:arn:aws:iam::999988887777:root' }] },
            },
          ],
        },
        changes: [{ action: 'iam:UpdateAssumeRolePolicy', effect: 'closes', outcome: 'applied' }],
        exposure: { from: '2026-03-02T10:00:00Z' },
      },
    ]);
    expect(app.reports[0]?.drift.differences[0]?.access.gained[0]?.text).toContain('999988887777');
  });

  it('a detached policy comes back', async () => {
    const app = await anApp();
    await app.happen(detach('ReadOnlyAccess'));
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(app.reports).toMatchObject([
      { outcome: 'remediated', verified: true, severity: 'medium', exposure: null },
    ]);
  });

  it('a forbidden policy goes', async () => {
    const app = await anApp();
    await app.happen(attach('AdministratorAccess'));
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(app.reports).toMatchObject([{ outcome: 'remediated', severity: 'high' }]);
  });

  it('what takes access away comes before what gives it back', async () => {
    const app = await anApp();
    await app.happen(putTrust(backdoor), detach('ReadOnlyAccess'), attach('PowerUserAccess'));
    const writes = operations(app).filter((operation) => !/^(Get|List)/.test(operation));
    expect(writes).toEqual(['UpdateAssumeRolePolicy', 'DetachRolePolicy', 'AttachRolePolicy']);
  });

  it('the first of several alternatives is attached, and any one of them is enough', async () => {
    const app = await anApp(
      aSpec({ attached: [{ oneOf: [managed('ReadOnlyAccess'), managed('SecurityAudit')] }] }),
    );
    await app.happen(attach('SecurityAudit'), detach('ReadOnlyAccess'));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
    await app.happen(detach('SecurityAudit'));
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('a role that is deleted is told, and not recreated', async () => {
    const app = await anApp();
    await app.happen(detach('ReadOnlyAccess'), anIamEvent('DeleteRole', { roleName: 'app' }));
    expect(app.account.role('app')).toBeNull();
    expect(app.reports).toMatchObject([
      {
        outcome: 'detected',
        drift: { status: 'DELETED' },
        role: { arn: null },
        changes: [{ heldBy: 'spec', outcome: 'held' }],
      },
    ]);
  });
});

describe('what is never reverted', () => {
  it('in detect mode nothing is written, and the drift is told', async () => {
    const app = await anApp(aSpec({ more: { mode: 'detect' } }));
    await app.happen(putTrust(backdoor));
    expect(app.account.role('app')?.trustPolicy).toEqual(backdoor);
    expect(app.reports).toMatchObject([
      {
        outcome: 'detected',
        mode: 'detect',
        verified: null,
        changes: [{ outcome: 'held', heldBy: 'mode' }],
        exposure: { to: null },
      },
    ]);
  });

  it('an undeclared policy that only denies is somebody’s containment', async () => {
    const app = await anApp();
    await app.happen(attach('AWSDenyAll'));
    expect(app.account.role('app')?.managedPolicies).toContain(managed('AWSDenyAll'));
    expect(app.reports).toMatchObject([{ outcome: 'detected', changes: [{ heldBy: 'spec' }] }]);
  });

  it('an undeclared policy that nobody can read may allow anything, and keeps nothing else from being put back', async () => {
    const app = await anApp();
    const unreadable = 'arn:aws:iam::111122223333:policy/unreadable';
    app.account.createPolicy({ arn: unreadable, document: 'no document' });
    await app.happen(
      anIamEvent('AttachRolePolicy', { roleName: 'app', policyArn: unreadable }),
      putTrust(backdoor),
    );
    expect(app.account.role('app')).toMatchObject({
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
  });

  it('a role that only AWS may change is not checked', async () => {
    const app = await anApp(aSpec({ names: ['*'] }));
    app.account.createRole({
      roleName: 'reserved',
      path: '/aws-reserved/sso.amazonaws.com/',
      trustPolicy: backdoor,
    });
    await app.deliver(anIamEvent('UpdateAssumeRolePolicy', { roleName: 'reserved', policyDocument: '{}' }));
    await app.deliver(
      anIamEvent('AttachRolePolicy', {
        roleName: 'AWSServiceRoleForSupport',
        policyArn: managed('ReadOnlyAccess'),
      }),
    );
    expect(app.reports.map(({ outcome }) => outcome)).toEqual(['not-checked', 'not-checked']);
    expect(app.account.role('reserved')?.trustPolicy).toEqual(backdoor);
  });

  it('an aspect that the spec does not mention is not compared', async () => {
    const app = await anApp(JSON.stringify({ version: 1, roles: [{ name: 'app', trustPolicy: trustsEc2 }] }));
    await app.happen(attach('AdministratorAccess'));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
    expect(operations(app)).toEqual(['GetRole']);
  });
});
