import { describe, expect, it } from 'vitest';

import { anIamEvent } from '../support/cloudtrail-events.ts';
import {
  aScene,
  aSpec,
  attach,
  backdoor,
  detach,
  managed,
  putTrust,
  sessionOf,
  told,
  trusting,
  trustsEc2,
  writes,
} from '../support/app-role.ts';

const MINUTE = 60_000;

/** Terraform's next run: whatever was put back since is applied again. */
const terraform = sessionOf('terraform', 'ci-42');

describe('a fight', () => {
  it('Terraform that re-attaches after each revert: bounded writes, one report that names it', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 200; run += 1) {
      if (!one.account.role('app')?.managedPolicies.includes(managed('SecurityAudit')))
        await one.happen(attach('SecurityAudit', terraform));
      await one.pass(10_000);
    }
    // Half an hour: three at once, then one a pause that grows to five minutes.
    expect(writes(one).length).toBeLessThan(12);
    expect(told(one).map(({ outcome }) => outcome)).toEqual([
      'remediated',
      'remediated',
      'remediated',
      'held',
    ]);
    expect(told(one)[3]?.changes).toMatchObject([{ heldBy: 'fight' }]);
    expect(told(one)[3]?.changes[0]?.reason).toContain('terraform, session ci-42, and the spec disagree');
    expect(told(one)[3]?.drift.differences).toMatchObject([
      { expected: null, actual: managed('SecurityAudit') },
    ]);
  });

  it('Terraform that detaches what is declared: what restores waits ever longer', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 6 * 60; run += 1) {
      if (one.account.role('app')?.managedPolicies.includes(managed('ReadOnlyAccess')))
        await one.happen(detach('ReadOnlyAccess', terraform));
      await one.pass(MINUTE);
    }
    expect(writes(one).length).toBeLessThan(12);
    expect(told(one)).toHaveLength(4);
  });

  it('a backdoor that comes back every second is closed again within a pause, for ever', async () => {
    const one = await aScene(aSpec());
    let open = 0;
    let longest = 0;
    for (let second = 0; second < 3600; second += 1) {
      const isOpen = JSON.stringify(one.account.role('app')?.trustPolicy) === JSON.stringify(backdoor);
      open = isOpen ? open + 1 : 0;
      longest = Math.max(longest, open);
      if (!isOpen) await one.happen(putTrust(backdoor));
      await one.pass(1000);
    }
    expect(longest).toBeLessThanOrEqual(5 * 60 + 2);
    expect(writes(one).length).toBeLessThan(25);
    expect(told(one)).toHaveLength(4);
  });

  it('names who else writes, and not our own reverts, which come back as events', async () => {
    const one = await aScene(aSpec());
    const own = sessionOf('IamDriftRemediatorRemediate', 'iam-drift-remediate');
    const second = { eventTime: '2026-03-02T10:00:01Z' };
    for (let run = 0; run < 3; run += 1) await one.happen(attach('SecurityAudit', terraform));
    await one.happen(attach('SecurityAudit', { ...terraform, ...second }));
    await one.deliver(detach('SecurityAudit', { ...own, ...second }));
    await one.pass(MINUTE);
    const reasons = [...one.reports, ...one.repeats].flatMap(({ changes }) => changes[0]?.reason ?? []);
    expect(reasons.map((reason) => reason.slice(0, 9))).toEqual(['terraform', 'terraform']);
  });

  it.each([
    [60, 4],
    [300, 4],
  ])(
    'is told once, and names who fights, though he comes no sooner than in %i seconds and is never held up',
    async (seconds, times) => {
      const one = await aScene(aSpec());
      for (let run = 0; run < 24; run += 1) {
        if (!one.account.role('app')?.managedPolicies.includes(managed('SecurityAudit')))
          await one.happen(attach('SecurityAudit', sessionOf('terraform', `ci-${run}`)));
        await one.pass(seconds * 1000);
      }
      expect(told(one)).toHaveLength(times);
      const named = told(one).filter(({ nextSteps }) =>
        nextSteps.join().includes('terraform, session ci-3, and the spec disagree'),
      );
      expect(named).toEqual([told(one).at(-1)]);
    },
  );

  it('with somebody else is told, too', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 6; run += 1) await one.happen(attach('SecurityAudit', terraform));
    await one.pass(2 * MINUTE);
    one.reports.splice(0);
    for (let run = 0; run < 6; run += 1)
      await one.happen(putTrust(backdoor, sessionOf('mallory', `s-${run}`)));
    expect(told(one).map(({ outcome }) => outcome)).toEqual([
      'remediated',
      'remediated',
      'remediated',
      'held',
    ]);
    expect(told(one).at(-1)?.changes[0]?.reason).toMatch(/^mallory, session s-3, and the spec disagree/);
  });

  it('with somebody of another account is told, though he is called the same', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 5; run += 1) await one.happen(putTrust(backdoor, sessionOf('deploy', 'x')));
    await one.pass(10 * MINUTE);
    one.reports.splice(0);
    const issuer = { type: 'Role', arn: 'arn:aws:iam::999988887777:role/deploy', userName: 'deploy' };
    const other = {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::999988887777:assumed-role/deploy/x',
      accountId: '999988887777',
      sessionContext: { sessionIssuer: issuer },
    };
    await one.happen(putTrust(backdoor, { userIdentity: other }));
    await one.pass(10 * MINUTE);
    expect(told(one)).toMatchObject([{ causes: [{ actor: { accountId: '999988887777' } }] }]);
  });

  it('on a role of which something else is held for good is told a few times, and no more', async () => {
    const one = await aScene(aSpec());
    await one.happen(detach('ReadOnlyAccess'), anIamEvent('DeleteRole', { roleName: 'app' }));
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
    await one.deliver(anIamEvent('CreateRole', { roleName: 'app' }));
    one.reports.splice(0);
    for (let minute = 0; minute < 6 * 60; minute += 1) {
      await one.happen(putTrust(backdoor, sessionOf('mallory', `s-${minute}`)));
      await one.pass(MINUTE);
    }
    expect(told(one).length).toBeLessThanOrEqual(4);
    expect(told(one).at(-1)?.nextSteps.join()).toContain('mallory, session s-');
    await one.pass(5 * MINUTE);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it('over what restores is remembered, however often something else is put back meanwhile', async () => {
    const one = await aScene(aSpec());
    for (let minute = 0; minute < 4 * 60; minute += 1) {
      await one.happen(putTrust(backdoor, terraform));
      if (one.account.role('app')?.managedPolicies.includes(managed('ReadOnlyAccess')))
        await one.happen(detach('ReadOnlyAccess', terraform));
      await one.pass(MINUTE);
    }
    expect(writes(one).filter((operation) => operation === 'AttachRolePolicy').length).toBeLessThan(10);
    expect(told(one).length).toBeLessThan(10);
  });

  it('over one thing hides no other: a backdoor that comes back now and then is told each time', async () => {
    const one = await aScene(aSpec());
    for (let round = 1; round <= 4; round += 1) {
      for (let run = 0; run < 30; run += 1) {
        if (!one.account.role('app')?.managedPolicies.includes(managed('SecurityAudit')))
          await one.happen(attach('SecurityAudit', terraform));
        await one.pass(MINUTE);
      }
      await one.happen(putTrust(backdoor, sessionOf('mallory', `s-${round}`)));
      expect(told(one).filter(({ severity }) => severity === 'critical')).toHaveLength(round);
    }
  });

  it('does not keep from people what is held for another reason', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 4; run += 1) await one.happen(putTrust(backdoor));
    await one.pass(2 * MINUTE);
    await one.killSwitch.pause('ann: migration');
    await one.pass(MINUTE);
    one.reports.splice(0);
    await one.happen(putTrust(backdoor));
    await one.pass(20 * MINUTE);
    expect(told(one)).toMatchObject([{ outcome: 'held', changes: [{ heldBy: 'killSwitch' }] }]);
  });

  it('over ever new things does not hide a forbidden policy among them', async () => {
    const one = await aScene(aSpec({ inlinePolicies: { unlisted: 'delete', policies: {} } }));
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });
    for (let run = 0; run < 100; run += 1) {
      await one.happen(
        anIamEvent('PutRolePolicy', { roleName: 'app', policyName: `p-${run}`, policyDocument }),
      );
      await one.pass(1000);
    }
    expect(told(one).length).toBeLessThan(80);
    one.reports.splice(0);
    await one.happen(attach('AdministratorAccess'));
    expect(told(one)).toMatchObject([{ outcome: 'held' }]);
  });

  it('another drift on the same role is no part of it, and is told', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 4; run += 1) await one.happen(attach('SecurityAudit', terraform));
    await one.pass(2 * MINUTE);
    await one.happen(putTrust(backdoor));
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(told(one)).toHaveLength(5);
    for (let minute = 0; minute < 20; minute += 1) {
      if (!one.account.role('app')?.managedPolicies.includes(managed('SecurityAudit')))
        await one.happen(attach('SecurityAudit', terraform));
      await one.pass(MINUTE);
    }
    expect(told(one)).toHaveLength(5);
  });

  it('over many differences at once is one report, too', async () => {
    const one = await aScene(aSpec());
    const policies = ['SecurityAudit', 'PowerUserAccess', 'AmazonS3FullAccess', 'AmazonEC2FullAccess'];
    for (let run = 0; run < 180; run += 1) {
      const attached = one.account.role('app')?.managedPolicies ?? [];
      for (const name of policies)
        if (!attached.includes(managed(name))) await one.happen(attach(name, terraform));
      if (attached.includes(managed('ReadOnlyAccess'))) await one.happen(detach('ReadOnlyAccess', terraform));
      await one.pass(20_000);
    }
    expect(told(one).filter(({ outcome }) => outcome !== 'remediated')).toMatchObject([
      { outcome: 'held', changes: [{ heldBy: 'fight' }] },
    ]);
    expect(told(one).length).toBeLessThan(20);
    expect(writes(one).length).toBeLessThan(80);
  });

  it('over very many differences, such as fifty tags, is seen as well', async () => {
    const tags = Array.from({ length: 45 }, (_, index) => ({ key: `t${index}`, value: 'ours' }));
    const declared = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
    const role = { name: 'app', trustPolicy: trustsEc2, tags: declared };
    const one = await aScene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles: [role] }));
    const theirs = tags.map(({ key }) => ({ key, value: 'theirs' }));
    for (let run = 0; run < 60; run += 1) {
      await one.happen(anIamEvent('TagRole', { roleName: 'app', tags: theirs }, terraform));
      await one.pass(10_000);
    }
    expect(writes(one).length).toBeLessThan(8);
  });

  it('with ever new content is told so often, and no more', async () => {
    const one = await aScene(aSpec());
    for (let second = 0; second < 600; second += 1) {
      await one.happen(putTrust(trusting({ AWS: `arn:aws:iam::${200_000_000_000 + second}:root` })));
      await one.pass(1000);
    }
    expect(told(one).length).toBeLessThan(80);
    one.reports.splice(0);
    await one.happen(attach('AdministratorAccess'));
    expect(told(one)).toHaveLength(1);
  });

  it('of policies whose names are made anew each time is one over the role: bounded writes, and none stays for long', async () => {
    const one = await aScene(aSpec({ inlinePolicies: { unlisted: 'delete', policies: {} } }));
    const seen = new Map<string, number>();
    for (let run = 0; run < 360; run += 1) {
      const document = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      };
      const policy = { policyName: `ci-${run}`, policyDocument: JSON.stringify(document) };
      if (Object.keys(one.account.role('app')?.inlinePolicies ?? {}).length === 0)
        await one.happen(anIamEvent('PutRolePolicy', { roleName: 'app', ...policy }, terraform));
      await one.pass(10_000);
      for (const name of Object.keys(one.account.role('app')?.inlinePolicies ?? {}))
        seen.set(name, (seen.get(name) ?? 0) + 10);
    }
    expect(writes(one).length).toBeLessThan(30);
    expect(Math.max(...seen.values())).toBeLessThanOrEqual(5 * 60);
    expect(told(one)[12]?.changes[0]?.reason).toMatch(
      /^terraform, session ci-42, and the spec disagree about this role/,
    );
  });

  it('is no way to keep a door open: whoever feeds one over other things has it closed within a pause, too', async () => {
    const one = await aScene(aSpec());
    const others = [
      'SecurityAudit',
      'PowerUserAccess',
      'AmazonS3FullAccess',
      'AmazonEC2FullAccess',
      'AmazonVPCFullAccess',
      'ViewOnlyAccess',
    ];
    let serial = 0;
    const attachNext = async () => {
      const next = others[(serial += 1) % others.length] ?? '';
      if (!one.account.role('app')?.managedPolicies.includes(managed(next))) await one.happen(attach(next));
    };
    // Each is a fight of its own, whose pause is over when it is its turn again; all together are one over the role.
    for (let run = 0; run < 3; run += 1) {
      await one.happen(...others.map((name) => attach(name)));
      await one.pass(1000);
    }
    for (let run = 0; run < 14; run += 1) {
      await one.pass(65_000);
      await attachNext();
    }
    await one.happen(putTrust(backdoor));
    expect(one.account.role('app')?.trustPolicy).toEqual(backdoor);
    for (let run = 0; run < 5; run += 1) {
      await one.pass(65_000);
      await attachNext();
    }
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it('that we begin to lose is told: what closes is refused for good', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 4; run += 1) await one.happen(putTrust(backdoor));
    one.account.inject({ operation: 'UpdateAssumeRolePolicy', error: 'UnmodifiableEntity', times: 20 });
    for (let minute = 0; minute < 10; minute += 1) {
      await one.deliver(putTrust(backdoor));
      await one.pass(MINUTE);
    }
    expect(told(one).map(({ outcome }) => outcome)).toEqual([
      'remediated',
      'remediated',
      'remediated',
      'held',
      'failed',
    ]);
  });

  it('is over when nobody has answered for a while', async () => {
    const one = await aScene(aSpec());
    for (let run = 0; run < 3; run += 1) await one.happen(attach('SecurityAudit', terraform));
    await one.pass(16 * MINUTE);
    await one.happen(attach('SecurityAudit', terraform));
    expect(told(one)).toMatchObject([{}, {}, {}, { outcome: 'remediated' }]);
  });

  it('that begins anew after calm hours is told anew', async () => {
    const one = await aScene(aSpec());
    for (let round = 1; round <= 2; round += 1) {
      for (let run = 0; run < 5; run += 1) await one.happen(attach('SecurityAudit', terraform));
      expect(told(one).filter(({ outcome }) => outcome === 'held')).toHaveLength(round);
      await one.pass(3 * 60 * MINUTE);
    }
  });

  it('a redelivery is no second revert', async () => {
    const one = await aScene(aSpec());
    const event = attach('SecurityAudit');
    for (let run = 0; run < 5; run += 1) await one.happen(event);
    expect(told(one).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'remediated'));
  });
});

describe('a change that fails', () => {
  it('is told once, however often it is delivered again', async () => {
    const one = await aScene(aSpec());
    one.account.inject({ operation: 'UpdateAssumeRolePolicy', error: 'AccessDenied', times: 4 });
    const event = putTrust(backdoor);
    expect(await one.happen(event)).toEqual(['m0']);
    for (let delivery = 2; delivery <= 4; delivery += 1) expect(await one.deliver(event)).toEqual(['m0']);
    expect(await one.deliver(event)).toEqual([]);
    expect(told(one).map(({ outcome }) => outcome)).toEqual(['failed', 'remediated']);
  });
});
