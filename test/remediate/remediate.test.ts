import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const trusting = (principal: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});
const trustsEc2 = trusting({ Service: 'ec2.amazonaws.com' });
const backdoor: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 'sts:AssumeRole' },
  ],
};

const appSpec = `
version: 1
defaults: { mode: enforce }
roles:
  - name: app
    trustPolicy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }]
    managedPolicies:
      attached: ["arn:\${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"]
      forbidden: ["arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess"]
      unlisted: detach
`;

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function anApp(spec = appSpec): Promise<Scene> {
  const one = await scene(spec);
  scenes.push(one);
  one.account.createRole({
    roleName: 'app',
    trustPolicy: trustsEc2,
    managedPolicies: [managed('ReadOnlyAccess')],
  });
  return one;
}

const putTrust = (document: JsonObject) =>
  anIamEvent('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument: JSON.stringify(document) });
const attach = (policyArn: string) => anIamEvent('AttachRolePolicy', { roleName: 'app', policyArn });
const detach = (policyArn: string) => anIamEvent('DetachRolePolicy', { roleName: 'app', policyArn });
const operations = ({ account }: Scene) => account.calls.map(({ operation }) => operation);

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
    await app.happen(detach(managed('ReadOnlyAccess')));
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(app.reports).toMatchObject([
      { outcome: 'remediated', verified: true, severity: 'medium', exposure: null },
    ]);
  });

  it('a forbidden policy goes', async () => {
    const app = await anApp();
    await app.happen(attach(managed('AdministratorAccess')));
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(app.reports).toMatchObject([{ outcome: 'remediated', severity: 'high' }]);
  });

  it('what takes access away comes before what gives it back', async () => {
    const app = await anApp();
    await app.happen(
      putTrust(backdoor),
      detach(managed('ReadOnlyAccess')),
      attach(managed('PowerUserAccess')),
    );
    const writes = operations(app).filter((operation) => !/^(Get|List)/.test(operation));
    expect(writes).toEqual(['UpdateAssumeRolePolicy', 'DetachRolePolicy', 'AttachRolePolicy']);
  });

  it('the first of several alternatives is attached, and any one of them is enough', async () => {
    const app = await anApp(
      appSpec.replace(
        /attached: .*/,
        'attached: [{ oneOf: ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/SecurityAudit"] }]',
      ),
    );
    await app.happen(attach(managed('SecurityAudit')), detach(managed('ReadOnlyAccess')));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
    await app.happen(detach(managed('SecurityAudit')));
    expect(app.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('a role that is deleted is told, and not recreated', async () => {
    const app = await anApp();
    await app.happen(detach(managed('ReadOnlyAccess')), anIamEvent('DeleteRole', { roleName: 'app' }));
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

describe('the cost of looking', () => {
  it('in sync: one round of reads, no write', async () => {
    const app = await anApp();
    await app.deliver(putTrust(trustsEc2));
    expect(operations(app).sort()).toEqual(['GetRole', 'ListAttachedRolePolicies']);
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
    const second = { ...attach(managed('AdministratorAccess')), eventTime: '2026-03-02T09:59:59Z' };
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
      attach(managed('ReadOnlyAccess')),
    );
    expect(app.reports).toHaveLength(2);
    expect(app.reports[1]).toMatchObject({ role: { roleName: 'app' }, causes: [{}, {}] });
  });
});

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

  it('a message that is no event is a batch item failure, and the others go on', async () => {
    const app = await anApp();
    app.account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('AdministratorAccess') },
    });
    expect(await app.deliver('{ nonsense', attach(managed('AdministratorAccess')), 'null')).toEqual([
      'm0',
      'm2',
    ]);
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
      detach(managed('ReadOnlyAccess')),
      attach(managed('PowerUserAccess')),
      attach(managed('AdministratorAccess')),
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
    const app = await anApp(appSpec.replace('unlisted: detach', 'unlisted: report'));
    app.account.apply({
      eventName: 'DetachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('ReadOnlyAccess') },
    });
    for (let index = 0; index < 10; index += 1) {
      const policyArn = `arn:aws:iam::111122223333:policy/filler-${index}`;
      app.account.apply({ eventName: 'AttachRolePolicy', requestParameters: { roleName: 'app', policyArn } });
    }
    expect(await app.deliver(detach(managed('ReadOnlyAccess')))).toEqual([]);
    expect(app.reports).toMatchObject([{ outcome: 'failed' }]);
    const failed = app.reports[0]?.changes.find(({ outcome }) => outcome === 'failed');
    expect(failed?.error).toContain('LimitExceeded');
    expect(app.reports[0]?.nextSteps.join()).toContain('quota');
  });

  it('NoSuchEntity that means the policy is not taken for the role', async () => {
    const app = await anApp(appSpec.replace('ReadOnlyAccess', 'SecurityAudit'));
    app.account.apply({
      eventName: 'DetachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('ReadOnlyAccess') },
    });
    app.account.inject({
      operation: 'AttachRolePolicy',
      error: 'NoSuchEntity',
      message: 'Policy does not exist or is not attachable.',
    });
    await app.deliver(detach(managed('SecurityAudit')));
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
    await app.happen(attach(managed('AdministratorAccess')));
    expect(app.reports).toMatchObject([
      { outcome: 'remediated', verified: true, changes: [{ outcome: 'already-in-place' }] },
    ]);
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
    const event = attach(managed('AdministratorAccess'));
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

describe('what is never reverted', () => {
  it('in detect mode nothing is written, and the drift is told', async () => {
    const app = await anApp(appSpec.replace('mode: enforce', 'mode: detect'));
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
    await app.happen(attach(managed('AWSDenyAll')));
    expect(app.account.role('app')?.managedPolicies).toContain(managed('AWSDenyAll'));
    expect(app.reports).toMatchObject([{ outcome: 'detected', changes: [{ heldBy: 'spec' }] }]);
  });

  it('an undeclared policy that nobody can read may allow anything, and keeps nothing else from being put back', async () => {
    const app = await anApp();
    const unreadable = 'arn:aws:iam::111122223333:policy/unreadable';
    app.account.createPolicy({ arn: unreadable, document: 'no document' });
    await app.happen(attach(unreadable), putTrust(backdoor));
    expect(app.account.role('app')).toMatchObject({
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
  });

  it('a role that only AWS may change is not checked', async () => {
    const app = await anApp(appSpec.replace('name: app', 'name: "*"'));
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
    const app = await anApp(appSpec.replace(/ {4}managedPolicies:[^]*$/, ''));
    await app.happen(attach(managed('AdministratorAccess')));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
    expect(operations(app)).toEqual(['GetRole']);
  });
});

describe('a declared principal that no longer exists', () => {
  const trustsTwo = trusting({
    AWS: ['arn:aws:iam::111122223333:role/deployer', 'arn:aws:iam::111122223333:role/auditor'],
  });
  const spec = appSpec.replace(
    /Principal: \{[^}]*\}/,
    'Principal: { AWS: ["arn:aws:iam::111122223333:role/deployer", "arn:aws:iam::111122223333:role/auditor"] }',
  );

  async function withDeployers(): Promise<Scene> {
    const one = await scene(spec);
    scenes.push(one);
    one.account.ensurePrincipals(trustsTwo);
    one.account.createRole({
      roleName: 'app',
      trustPolicy: trustsTwo,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    return one;
  }

  it('does not keep a backdoor open: the rest of the document is put', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    await app.happen(putTrust(backdoor));
    expect(app.account.role('app')?.trustPolicy).toEqual(
      trusting({ AWS: ['arn:aws:iam::111122223333:role/auditor'] }),
    );
    expect(app.reports).toMatchObject([
      { outcome: 'partly-remediated', verified: true, exposure: { from: '2026-03-02T10:00:00Z' } },
    ]);
    expect(app.reports[0]?.nextSteps.join()).toContain('role/deployer');
  });

  it('denies everyone when no declared principal is left', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    app.account.removePrincipal('arn:aws:iam::111122223333:role/auditor');
    await app.happen(putTrust(backdoor));
    expect(app.account.role('app')?.trustPolicy).toMatchObject({
      Statement: [{ Effect: 'Deny', Principal: { AWS: '*' } }],
    });
  });

  it('that IAM shows by its unique id, though it exists, is no drift', async () => {
    const app = await withDeployers();
    const id = app.account.role('deployer')?.roleId ?? '';
    // As IAM shows it for some seconds after `deployer` was created.
    app.account.createRole({
      roleName: 'app',
      trustPolicy: trusting({ AWS: [id, 'arn:aws:iam::111122223333:role/auditor'] }),
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    await app.deliver(putTrust(trustsTwo));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });

  it('that was deleted and recreated is drift: the id is of another role', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    app.account.ensurePrincipals(trustsTwo);
    await app.deliver(putTrust(trustsTwo));
    expect(app.reports).toMatchObject([{ outcome: 'remediated', verified: true }]);
    expect(app.reports[0]?.drift.differences[0]?.access.lost[0]?.text).toContain('deleted (or recreated)');
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsTwo);
  });

  it('is trusted again once it is back', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    await app.happen(putTrust(backdoor));
    app.account.ensurePrincipals(trustsTwo);
    await app.deliver(putTrust(backdoor));
    expect(app.reports[1]).toMatchObject({ outcome: 'remediated', verified: true });
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsTwo);
  });
});

describe('the ledger', () => {
  it('holds what was there and what is planned before the first change', async () => {
    const app = await anApp();
    const seen: number[] = [];
    app.account.inject({
      operation: 'UpdateAssumeRolePolicy',
      error: 'Throttling',
      when: () => {
        seen.push(app.ledger.incidents().length);
        return false;
      },
    });
    await app.happen(putTrust(backdoor));
    expect(seen).toEqual([1]);
    expect(app.ledger.incidents()).toMatchObject([
      {
        before: { trustPolicy: backdoor },
        plan: [{ action: 'iam:UpdateAssumeRolePolicy' }],
        report: { outcome: 'remediated' },
      },
    ]);
  });

  it('keeps nothing of a role that is in sync', async () => {
    const app = await anApp();
    await app.deliver(putTrust(trustsEc2));
    expect(app.ledger.incidents()).toEqual([]);
  });
});

describe('the log', () => {
  it('can be searched by role and by event', async () => {
    const app = await anApp();
    const event = putTrust(backdoor);
    await app.happen(event);
    const { keys } = app.logs.find(({ message }) => message === 'role reconciled') ?? {};
    expect(keys).toMatchObject({ roleName: 'app', outcome: 'remediated' });
    expect(keys?.['eventIds']).toEqual([event['eventID']]);
  });
});
