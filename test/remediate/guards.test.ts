import { describe, expect, it, onTestFinished } from 'vitest';

import { usualLimits } from '../../shared/guards/limits.ts';
import type { JsonObject } from '../../shared/model.ts';
import { recheckMessage } from '../../shared/ports/recheck-message.ts';
import {
  aScene,
  aSpec,
  attach,
  backdoor,
  createAsDeclared,
  detach,
  managed,
  putTrust,
  sessionOf,
  sweep,
  told,
  trustsEc2,
  writes,
} from '../support/app-role.ts';
import { ACCOUNT_ID, scene, testClock } from '../support/scene.ts';

const MINUTE = 60_000;
const saml: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT_ID}:saml-provider/office` },
      Action: 'sts:AssumeRoleWithSAML',
      Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
    },
  ],
};
const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };

describe('the kill switch', () => {
  it('holds every change, says in whose words, and goes on by itself when it is lifted', async () => {
    const one = await aScene(aSpec());
    await one.killSwitch.pause('ann: migration');
    await one.happen(putTrust(backdoor));
    expect(writes(one)).toEqual([]);
    expect(told(one)).toMatchObject([
      {
        outcome: 'held',
        changes: [
          {
            heldBy: 'killSwitch',
            reason: 'all changes are paused: ann: migration',
          },
        ],
      },
    ]);
    expect(told(one)[0]?.changes[0]?.dueAt).toBe('2026-03-02T10:05:01.000Z');
    expect(told(one)[0]?.nextSteps.join()).toContain('iam-drift unpause');
    await one.pass(20 * MINUTE);
    expect(told(one)).toHaveLength(1);
    await one.killSwitch.unpause();
    await one.pass(5 * MINUTE + 1000);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(told(one)).toMatchObject([{ outcome: 'held' }, { outcome: 'remediated' }]);
    expect(one.ledger.incidents()).toMatchObject([{ report: { outcome: 'remediated' } }]);
  });

  it('two deliveries of one event at the same time tell it once', async () => {
    const one = await aScene(aSpec());
    await one.killSwitch.pause('ann: migration');
    const event = putTrust(backdoor);
    one.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(backdoor) },
    });
    await Promise.all([one.deliver(event), one.deliver(event), one.deliver(event)]);
    expect(told(one)).toHaveLength(1);
    expect(one.ledger.incidents()).toHaveLength(1);
  });

  it('that cannot be read is no permission: the message comes again', async () => {
    const one = await aScene(aSpec());
    one.dieAfter(5);
    expect(await one.happen(putTrust(backdoor))).toEqual(['m0']);
    expect(writes(one)).toEqual([]);
  });
});

describe('what looking costs', () => {
  it('a role in sync is one round of reads, and nothing is stored anew', async () => {
    const one = await aScene(aSpec());
    const before = await one.roleStates.get(app);
    await one.deliver(putTrust(trustsEc2));
    expect(await one.roleStates.get(app)).toEqual(before);
  });

  it('drift that is only told asks no guard for anything', async () => {
    const one = await aScene(aSpec({ more: { mode: 'detect' } }));
    await one.killSwitch.pause('');
    await one.happen(putTrust(backdoor));
    expect(told(one)).toMatchObject([{ outcome: 'detected', changes: [{ heldBy: 'mode' }] }]);
    await sweep(one);
    await sweep(one);
    expect(told(one)).toHaveLength(1);
  });
});

describe('an exemption', () => {
  const until = '2026-03-02T12:00:00.000Z';
  const exemption = { at: '2026-03-02T10:00:00.000Z', until, reason: 'outage 17', by: 'ann' };

  it('leaves the role alone until its end, and then the role is put back, with all causes', async () => {
    const one = await aScene(aSpec());
    await one.controls.exempt(app, exemption);
    const event = putTrust(backdoor);
    await one.happen(event);
    expect(told(one)).toMatchObject([
      {
        outcome: 'held',
        changes: [{ heldBy: 'exemption', reason: 'ann has exempted this role: outage 17', dueAt: until }],
      },
    ]);
    await one.pass(119 * MINUTE);
    expect(writes(one)).toEqual([]);
    await one.pass(2 * MINUTE);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(told(one)[1]).toMatchObject({
      outcome: 'remediated',
      causes: [{ eventId: event['eventID'] }],
      incidentId: told(one)[0]?.incidentId,
    });
    expect(told(one)).toHaveLength(2);
  });

  it('however many events come meanwhile, one look is on its way', async () => {
    const one = await aScene(aSpec());
    await one.controls.exempt(app, exemption);
    for (let round = 0; round < 5; round += 1) await one.happen(putTrust(backdoor));
    expect(one.rechecks).toHaveLength(1);
    await one.pass(60 * MINUTE);
    expect(one.rechecks).toHaveLength(1);
  });

  it('ends, though the look at its end comes some seconds early by our clock', async () => {
    const one = await aScene(aSpec());
    await one.controls.exempt(app, { ...exemption, until: '2026-03-02T10:10:00.000Z' });
    await one.happen(putTrust(backdoor));
    const [look] = one.rechecks.splice(0);
    one.clock.advance(10 * MINUTE - 5000);
    await one.deliver(
      recheckMessage(look?.request ?? { role: app, trigger: 'event', causes: [], recheck: 0 }),
    );
    expect(writes(one)).toEqual([]);
    await one.pass(MINUTE);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it('that has ended is none', async () => {
    const one = await aScene(aSpec());
    await one.controls.exempt(app, { ...exemption, until: '2026-03-02T10:00:00.000Z' });
    await one.happen(putTrust(backdoor));
    expect(told(one)).toMatchObject([{ outcome: 'remediated' }]);
  });

  // The command line grants none, but whoever may write into the table can.
  it('that is longer than the settings let it be is believed for as long as they do', async () => {
    const one = await scene(aSpec(), testClock(), { ...usualLimits, exemptionHours: 1 });
    onTestFinished(() => one.close());
    createAsDeclared(one, 'app');
    await one.controls.exempt(app, { ...exemption, until: '2126-03-02T10:00:00.000Z' });
    await one.happen(putTrust(backdoor));
    expect(told(one)).toMatchObject([
      { outcome: 'held', changes: [{ heldBy: 'exemption', dueAt: '2026-03-02T11:00:00.000Z' }] },
    ]);
    await one.pass(61 * MINUTE);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it.each([
    ['some minutes', '2026-03-02T10:04:00.000Z', 'held'],
    ['a hundred years', '2126-03-02T10:00:00.000Z', 'remediated'],
  ])('that was granted %s from now: %s is %s', async (_when, at, outcome) => {
    const one = await aScene(aSpec());
    await one.controls.exempt(app, { ...exemption, at, until: '2126-03-02T12:00:00.000Z' });
    await one.happen(putTrust(backdoor));
    expect(told(one)).toMatchObject([{ outcome }]);
  });
});

const withDeployer = (attached?: readonly string[]) =>
  aSpec({
    ...(attached && { attached }),
    more: { deployers: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/terraform'] },
  });

describe('grace for deployers', () => {
  const terraform = sessionOf('terraform', 'ci-42');

  it('a deployer’s change waits, and the incident ends by itself when the spec catches up', async () => {
    const one = await aScene(withDeployer());
    await one.happen(attach('SecurityAudit', terraform));
    expect(told(one)).toMatchObject([
      { outcome: 'held', changes: [{ heldBy: 'grace', dueAt: '2026-03-02T10:10:01.000Z' }] },
    ]);
    one.redeploy(withDeployer([managed('ReadOnlyAccess'), managed('SecurityAudit')]));
    await one.pass(11 * MINUTE);
    expect(writes(one)).toEqual([]);
    expect(told(one)).toHaveLength(1);
    expect(one.ledger.incidents()).toMatchObject([{ report: { outcome: 'in-sync' } }]);
  });

  it('is put back when the spec has not caught up; a sweep in between honours the time', async () => {
    const one = await aScene(withDeployer());
    await one.happen(attach('SecurityAudit', terraform));
    await one.pass(5 * MINUTE);
    await sweep(one);
    expect(writes(one)).toEqual([]);
    await one.pass(6 * MINUTE);
    expect(one.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(told(one).map(({ outcome }) => outcome)).toEqual(['held', 'remediated']);
  });

  it('is given once: a deployer that does the same again is put back at once, and is a fight at last', async () => {
    const one = await aScene(withDeployer());
    for (let minute = 0; minute < 6 * 60; minute += 1) {
      if (!one.account.role('app')?.managedPolicies.includes(managed('SecurityAudit')))
        await one.happen(attach('SecurityAudit', terraform));
      await one.pass(MINUTE);
    }
    // One each five minutes, as in every fight.
    expect(writes(one).length).toBeLessThan(6 * 12 + 5);
    expect(told(one).map(({ outcome }) => outcome)).toEqual([
      'held',
      ...Array.from({ length: 4 }, () => 'remediated'),
    ]);
    expect(told(one).at(-1)?.nextSteps.join()).toContain('terraform, session ci-42, and the spec disagree');
  });

  it.each([
    ['access of outsiders', putTrust(backdoor, terraform)],
    ['the identities of a provider', putTrust(saml, terraform)],
    ['a forbidden policy', attach('AdministratorAccess', terraform)],
    ['somebody else', attach('SecurityAudit', sessionOf('admin', 'terraform'))],
    ['a user agent', attach('SecurityAudit', { userAgent: 'terraform' })],
  ])('is not given for %s', async (_what, event) => {
    const one = await aScene(withDeployer());
    await one.happen(event);
    expect(told(one)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('ends when anybody else has a hand in it', async () => {
    const one = await aScene(withDeployer());
    await one.happen(attach('SecurityAudit', terraform));
    await one.happen(attach('PowerUserAccess'));
    expect(one.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('goes on while what must go at once is put back: that comes back as an event of ours', async () => {
    const one = await aScene(withDeployer());
    await one.happen(attach('SecurityAudit', terraform), attach('AdministratorAccess', terraform));
    const own = sessionOf('IamDriftRemediatorRemediate', 'iam-drift-remediate');
    await one.deliver(detach('AdministratorAccess', { ...own, eventTime: '2026-03-02T10:00:02Z' }));
    expect(writes(one)).toEqual(['DetachRolePolicy']);
    expect(one.repeats.at(-1)).toMatchObject({
      changes: [{ heldBy: 'grace', dueAt: '2026-03-02T10:10:01.000Z' }],
    });
  });

  it('is not given to whoever acts in our name', async () => {
    const one = await aScene(withDeployer());
    await one.happen(attach('SecurityAudit', terraform));
    await one.happen(
      attach('PowerUserAccess', sessionOf('IamDriftRemediatorRemediate', 'iam-drift-remediate')),
    );
    expect(one.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('is not given for drift that nobody is known to have made', async () => {
    const one = await aScene(withDeployer());
    one.account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('SecurityAudit') },
    });
    await sweep(one);
    expect(told(one)).toMatchObject([{ outcome: 'remediated' }]);
  });
});
