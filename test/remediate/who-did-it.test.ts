import { describe, expect, it } from 'vitest';

import type { JsonObject, ReconcileReport } from '../../shared/model.ts';
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
  sweep,
  told,
  trustsEc2,
} from '../support/app-role.ts';
import { ACCOUNT_ID, type Scene } from '../support/scene.ts';

const MINUTE = 60_000;
const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
const by = (name: string, clock: string): JsonObject => ({
  ...sessionOf(name, 'x'),
  eventTime: `2026-03-02T${clock}Z`,
});
const tag = (more: JsonObject) => anIamEvent('TagRole', { roleName: 'app', tags: [] }, more);

const makers = ({ causes }: ReconcileReport) =>
  causes.map(({ actor, eventName }) => `${/\/([^/]+)$/.exec(actor.issuerArn ?? '')?.[1]} ${eventName}`);

async function exempt(one: Scene, minutes: number): Promise<void> {
  const at = one.clock.now();
  await one.controls.exempt(app, {
    at: at.toISOString(),
    until: new Date(at.getTime() + minutes * MINUTE).toISOString(),
    reason: 'INC-17',
    by: 'ann',
  });
}

describe('what was held and is put back', () => {
  it('is told with who made it and since when, whoever touches the role at last', async () => {
    const one = await aScene(aSpec());
    await one.killSwitch.pause('ann');
    await one.happen(putTrust(backdoor, by('mallory', '10:00:01')));
    await one.pass(3 * 60 * MINUTE);
    await one.killSwitch.unpause();
    await one.pass(MINUTE);
    one.reports.splice(0);
    one.rechecks.splice(0);
    await one.happen(tag(by('bob', '13:01:00')));
    const [report] = told(one);
    expect(report).toMatchObject({ outcome: 'remediated', exposure: { from: '2026-03-02T10:00:01Z' } });
    expect(report && makers(report)).toEqual(['mallory UpdateAssumeRolePolicy', 'bob TagRole']);
    expect(report?.eventToFixMs).toBeGreaterThan(3 * 60 * MINUTE);
  });

  it('is told with its maker, though he has the role touched ever so often afterwards', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 30);
    await one.happen(putTrust(backdoor, by('mallory', '10:00:01')));
    for (let nth = 0; nth < 120; nth += 1) {
      const clock = `10:0${1 + Math.floor(nth / 60)}:${String(nth % 60).padStart(2, '0')}`;
      await one.deliver(tag(by('ci', clock)));
    }
    expect(told(one)).toHaveLength(1);
    await one.pass(31 * MINUTE);
    const report = told(one).at(-1);
    expect(report).toMatchObject({ outcome: 'remediated', exposure: { from: '2026-03-02T10:00:01Z' } });
    expect(report && makers(report)[0]).toBe('mallory UpdateAssumeRolePolicy');
    expect(one.ledger.incidents().at(-1)?.causes[0]?.actor.issuerArn).toContain('mallory');
  });

  it('is told with the days on which the door was opened and closed, where they are two', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 24 * 60);
    await one.happen(putTrust(backdoor, by('mallory', '10:00:01')));
    await one.pass(25 * 60 * MINUTE);
    expect(told(one).at(-1)?.nextSteps.join()).toContain(
      'opened between 2026-03-02 10:00:01 and 2026-03-03 10:00:01 live on',
    );
  });

  it('is told with whoever touched it, where nobody is known to have made it', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 30);
    one.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(backdoor) },
    });
    await one.deliver(tag(by('bob', '10:00:05')));
    await one.pass(31 * MINUTE);
    const report = told(one).at(-1);
    expect(report?.outcome).toBe('remediated');
    expect(report && makers(report)).toEqual(['bob TagRole']);
  });

  it('is told with the first of its makers and the latest, however often it was made, and the role touched since', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 30);
    for (let nth = 10; nth < 40; nth += 1)
      await one.happen(putTrust(backdoor, by('mallory', `10:00:${nth}`)));
    for (let nth = 10; nth < 60; nth += 1) await one.deliver(tag(by('ci', `10:01:${nth}`)));
    await one.pass(31 * MINUTE);
    expect(
      told(one)
        .at(-1)
        ?.causes.map(({ eventTime }) => eventTime.slice(17, 19)),
    ).toEqual(['10', '11', '12', '33', '34', '35', '36', '37', '38', '39']);
  });

  it('is told with who opened the door first, however often something else was taken and given', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 30);
    const takeAndGive = async (name: string, minute: string, times: number) => {
      for (let nth = 0; nth < times; nth += 1) {
        await one.happen(detach('ReadOnlyAccess', by(name, `10:${minute}:0${nth}`)));
        await one.happen(attach('ReadOnlyAccess', by(name, `10:${minute}:0${nth}`)));
      }
    };
    await takeAndGive('bob', '01', 3);
    await one.happen(putTrust(backdoor, by('mallory', '10:02:00')));
    await takeAndGive('carol', '03', 8);
    await one.happen(detach('ReadOnlyAccess', by('carol', '10:03:09')));
    one.reports.splice(0);
    await one.pass(31 * MINUTE);
    expect(told(one)).toMatchObject([{ exposure: { from: '2026-03-02T10:02:00Z' } }]);
    expect(told(one).map((report) => makers(report)[0])).toEqual(['mallory UpdateAssumeRolePolicy']);
  });

  it('is not told as open since a door that was closed long ago', async () => {
    const one = await aScene(aSpec());
    await one.happen(detach('ReadOnlyAccess'), anIamEvent('DeleteRole', { roleName: 'app' }));
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
    await one.deliver(anIamEvent('CreateRole', { roleName: 'app' }, by('ops', '10:00:01')));
    one.clock.advance(MINUTE);
    await one.happen(putTrust(backdoor, by('mallory', '10:00:58')));
    await one.pass(5 * 60 * MINUTE);
    one.reports.splice(0);
    await one.happen(putTrust(backdoor, by('eve', '15:01:00')));
    expect(told(one)).toMatchObject([{ exposure: { from: '2026-03-02T15:01:00Z' } }]);
    expect(told(one).map((report) => makers(report)[0])).toEqual(['eve UpdateAssumeRolePolicy']);
  });

  it('is not told as the deed of whoever touched the role: where to look for the other is said', async () => {
    const one = await aScene(aSpec());
    one.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(backdoor) },
    });
    await one.happen(tag(by('bob', '10:00:00')));
    expect(told(one)[0]?.nextSteps.join('\n')).toMatch(
      /Who gave this access is not known yet.*UpdateAssumeRolePolicy on app/,
    );
  });

  it('is told as open since it was first seen, where nobody is known to have made it', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 30);
    one.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(backdoor) },
    });
    const seen = one.clock.now().toISOString();
    await sweep(one);
    await one.pass(31 * MINUTE);
    const report = told(one).at(-1);
    expect(report).toMatchObject({ outcome: 'remediated', causes: [], exposure: { from: seen } });
  });

  it('is told with both, the one who let somebody in first', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 30);
    await one.happen(putTrust(backdoor, by('mallory', '10:00:01')));
    await one.happen(detach('ReadOnlyAccess', by('bob', '10:20:00')));
    const report = told(one).at(-1);
    expect(report && makers(report)).toEqual(['mallory UpdateAssumeRolePolicy', 'bob DetachRolePolicy']);
    expect(report?.exposure).toEqual({ from: '2026-03-02T10:00:01Z', to: null });
  });
});

describe('what the spec leaves as it is', () => {
  const spec = aSpec({ unlisted: 'report' });

  it('does not hide when a door beside it was closed, nor how to end the sessions that came through', async () => {
    const one = await aScene(spec);
    await one.happen(attach('SecurityAudit', by('bob', '10:00:01')));
    one.clock.advance(MINUTE);
    await one.happen(putTrust(backdoor, by('mallory', '10:01:00')));
    const report = told(one).at(-1);
    expect(report?.exposure).toEqual({ from: '2026-03-02T10:01:00Z', to: '2026-03-02T10:01:01.000Z' });
    expect(report?.nextSteps.join()).toContain('iam-drift revoke-sessions app --before');
    expect(report?.nextSteps.join()).not.toContain('still stands');
    expect(report && makers(report)).toEqual(['mallory UpdateAssumeRolePolicy']);
  });

  it('does not put its maker before who made what is put back', async () => {
    const role = {
      name: 'app',
      description: 'the app',
      managedPolicies: { attached: [managed('ReadOnlyAccess')], unlisted: 'report' },
    };
    const one = await aScene(
      JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles: [role] }),
      [],
    );
    one.account.createRole({
      roleName: 'app',
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
      description: 'the app',
    });
    await one.happen(
      attach('SecurityAudit', by('bob', '10:00:01')),
      anIamEvent('UpdateRoleDescription', { roleName: 'app', description: 'x' }, by('ci', '10:00:02')),
    );
    const report = told(one).at(-1);
    expect(report && makers(report)).toEqual(['ci UpdateRoleDescription', 'bob AttachRolePolicy']);
  });

  it('is told once: not again by the sweep after something else was put back', async () => {
    const one = await aScene(spec);
    await one.happen(attach('SecurityAudit'));
    await one.happen(putTrust(backdoor));
    one.reports.splice(0);
    for (let hour = 0; hour < 3; hour += 1) {
      await one.pass(60 * MINUTE);
      await sweep(one);
    }
    expect(told(one)).toEqual([]);
  });
});

describe('what differs and is held', () => {
  it('is told once, whoever touches the role without changing anything of it', async () => {
    const one = await aScene(aSpec());
    await exempt(one, 60);
    await one.happen(putTrust(backdoor));
    for (let nth = 0; nth < 30; nth += 1) await one.deliver(putTrust(backdoor), tag({}));
    expect(told(one)).toHaveLength(1);
    await one.happen(attach('SecurityAudit'));
    expect(told(one)).toHaveLength(2);
    expect(one.account.role('app')?.managedPolicies).toContain(managed('SecurityAudit'));
  });
});
