import { describe, expect, it } from 'vitest';

import type { ReconcileReport } from '../../shared/model.ts';
import { headline } from '../../shared/notifications/headline.ts';
import {
  anApp,
  aScene,
  aSpec,
  attach,
  backdoor,
  detach,
  managed,
  putTrust,
  resyncOf,
  sweep,
  told,
  trusting,
  trustsEc2,
  writes,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { applied } from '../support/kinds-of-looks.ts';
import { ACCOUNT_ID, type Scene } from '../support/scene.ts';

const change = putTrust(backdoor);
const other = trusting({ AWS: 'arn:aws:iam::888877776666:root' });
const trustsIn = (reports: readonly ReconcileReport[]) =>
  reports.flatMap(({ drift }) => drift.differences.map(({ actual }) => actual));
const distinct = (reports: readonly ReconcileReport[]) => new Set(reports.map(({ id }) => id)).size;

describe('a crash on the way from the change to its report', () => {
  it('the bus is down: the report is told by the next delivery, under its own id', async () => {
    const app = await anApp();
    app.failNext('publish');
    expect(await app.happen(change)).toEqual(['m0']);
    expect(app.reports).toEqual([]);
    expect(await app.deliver(change)).toEqual([]);
    expect(told(app)).toMatchObject([{ outcome: 'remediated', causes: [{ eventId: change['eventID'] }] }]);
    expect(await app.ledger.owed({ accountId: ACCOUNT_ID, roleName: 'app' })).toEqual([]);
  });

  it('or by the sweep', async () => {
    const app = await anApp();
    app.failNext('publish');
    await app.happen(change);
    await app.deliver(resyncOf('app'));
    expect(told(app)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('and not lost where the next delivery finds something else', async () => {
    const app = await anApp();
    app.failNext('publish');
    await app.happen(change);
    const attached = attach('SecurityAudit');
    app.account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: 'app', policyArn: managed('SecurityAudit') },
    });
    await app.deliver(change, attached);
    const paths = told(app).flatMap(({ drift }) => drift.differences.map(({ path }) => path));
    expect(paths).toContain('trustPolicy');
  });

  it('and does not keep what is found now from being told, while it cannot be told itself', async () => {
    const app = await anApp(aSpec({ more: { mode: 'detect' } }));
    app.failNext('publish');
    await app.happen(change);
    app.failNext('publish');
    const attached = attach('SecurityAudit');
    expect(await app.happen(attached)).toEqual(['m0']);
    expect(told(app)).toMatchObject([{ causes: [{ eventId: attached['eventID'] }] }]);
    await app.deliver(attached);
    expect(told(app)[1]).toMatchObject({ causes: [{ eventId: change['eventID'] }] });
  });

  it('published but not marked: published once more under the same id', async () => {
    const app = await anApp();
    app.failNext('published');
    await app.happen(change);
    await app.deliver(change);
    await app.deliver(change);
    expect(told(app)).toHaveLength(2);
    expect(distinct(told(app))).toBe(1);
  });

  it('put back but never closed: the delivery of the same event tells what happened', async () => {
    const app = await anApp();
    app.failNext('close');
    expect(await app.happen(change)).toEqual(['m0']);
    await app.deliver(change);
    expect(told(app)).toMatchObject([
      {
        outcome: 'remediated',
        verified: true,
        severity: 'critical',
        causes: [{ eventId: change['eventID'] }],
        changes: [{ outcome: 'already-in-place' }],
        role: { arn: `arn:aws:iam::${ACCOUNT_ID}:role/app` },
      },
    ]);
    expect(app.logs.filter(({ message }) => message === 'report of an earlier crash told')).toHaveLength(1);
    await app.deliver(change);
    expect(told(app)).toHaveLength(1);
  });

  it.each([
    ['as the message is lost', async () => {}],
    ['as the message comes again', async (app: Scene) => void (await app.redeliver(change))],
  ])('though the role is never in sync again: the spec leaves something of it, %s', async (_how, more) => {
    const app = await aScene(aSpec({ unlisted: 'report' }));
    app.failNext('close');
    await app.happen(change);
    app.clock.advance(20_000);
    await app.happen(anIamEvent('TagRole', { roleName: 'app', tags: [{ key: 'a', value: 'b' }] }));
    app.clock.advance(60_000);
    await app.happen(attach('SecurityAudit'));
    app.clock.advance(300_000);
    await more(app);
    for (let hour = 0; hour < 3; hour += 1) {
      app.clock.advance(3_600_000);
      await sweep(app);
    }
    const critical = told(app).filter(({ severity }) => severity === 'critical');
    expect(critical).toMatchObject([{ causes: [{ eventId: change['eventID'] }], verified: true }]);
    expect(critical[0]?.changes[0]).toMatchObject({
      summary: 'put the declared trust policy back',
      outcome: 'already-in-place',
    });
    expect(told(app)).toHaveLength(2);
    expect(await app.ledger.owed({ accountId: ACCOUNT_ID, roleName: 'app' })).toEqual([]);
  });

  it('though an aspect is declared since that was not read then', async () => {
    const app = await anApp();
    app.failNext('close');
    await app.happen(change);
    app.redeploy(aSpec({ inlinePolicies: { unlisted: 'delete', policies: {} } }));
    expect(await app.deliver(change)).toEqual([]);
    expect(told(app)).toMatchObject([{ outcome: 'remediated', severity: 'critical' }]);
  });

  it.each([
    ['declares the role no more', aSpec({ names: ['other'] }), 'failed'],
    ['declares nothing of it any more', JSON.stringify({ version: 1, roles: [{ name: 'app' }] }), 'failed'],
    ['wants what was there', aSpec({ trustPolicy: backdoor }), 'partly-remediated'],
  ])('though the spec %s by now, and nobody sees whether it was put back', async (_what, spec, outcome) => {
    const app = await anApp();
    app.failNext('close');
    await app.happen(change);
    app.redeploy(spec);
    await app.redeliver(change);
    await app.redeliver(change);
    const reports = told(app).filter((report) => report.outcome !== 'not-checked');
    expect(reports[0]).toMatchObject({
      outcome,
      severity: 'critical',
      causes: [{ eventId: change['eventID'] }],
      verified: false,
      exposure: { to: null },
    });
    expect(reports[0]?.drift.differences[0]).toMatchObject({ path: 'trustPolicy', actual: backdoor });
    expect(reports[0]?.changes[0]?.reason).toContain('nobody has seen whether it was put back');
    expect(reports[0]?.nextSteps.join(' ')).toContain('look at the role');
    expect(reports[0]?.nextSteps.join(' ')).not.toContain('in half a minute');
  });

  it('closed, and told by nobody yet: what was seen put back then stays so, though the spec wants it by now', async () => {
    const app = await anApp();
    app.failNext('publish');
    await app.happen(change);
    app.redeploy(aSpec({ trustPolicy: backdoor }));
    await app.redeliver(change);
    expect(told(app)[0]?.changes[0]).toMatchObject({ outcome: 'already-in-place' });
    expect(told(app)[0]?.drift.differences[0]).toMatchObject({ actual: backdoor });
  });

  it('told by nobody yet: its whole report is, though the spec declares the role no more', async () => {
    const app = await anApp();
    app.failNext('publish');
    await app.happen(change);
    app.redeploy(aSpec({ names: ['other'] }));
    await app.redeliver(change);
    expect(told(app)[0]).toMatchObject({ outcome: 'remediated', verified: true });
    expect(await app.ledger.owed({ accountId: ACCOUNT_ID, roleName: 'app' })).toEqual([]);
  });

  it('the sweep tells it, too, once it is sure that nobody is at work on it any more', async () => {
    const app = await anApp();
    app.failNext('close');
    await app.happen(change);
    await app.deliver(resyncOf('app'));
    expect(told(app)).toEqual([]);
    app.clock.advance(180_000);
    await app.deliver(resyncOf('app'));
    expect(told(app)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('drift that is left in place is told, though its report did not reach the bus at first', async () => {
    const app = await anApp(aSpec({ more: { mode: 'detect' } }));
    app.failNext('publish');
    expect(await app.happen(change)).toEqual(['m0']);
    await app.deliver(change);
    await app.deliver(change);
    expect(told(app)).toMatchObject([{ outcome: 'detected' }]);
  });

  it('and by the sweep, too', async () => {
    const app = await anApp(aSpec({ more: { mode: 'detect' } }));
    app.failNext('publish');
    await app.happen(change);
    await app.deliver(resyncOf('app'));
    expect(told(app)).toMatchObject([{ outcome: 'detected' }]);
  });

  it('a change that fails each time is told, though its first report did not reach the bus', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'UpdateAssumeRolePolicy', error: 'AccessDenied', times: 9 });
    app.failNext('publish');
    await app.happen(change);
    await app.deliver(change);
    await app.deliver(change);
    expect(told(app)).toMatchObject([{ outcome: 'failed' }]);
  });

  it('what was put back is told, though the role keeps what the spec leaves in place, of which people know', async () => {
    const app = await anApp();
    app.redeploy(aSpec({ unlisted: 'report' }));
    await app.happen(attach('SecurityAudit'));
    app.clock.advance(60_000);
    app.failNext('close');
    await app.happen(change);
    await app.deliver(change);
    expect(told(app)).toMatchObject([
      { outcome: 'detected' },
      {
        changes: [{ action: 'iam:UpdateAssumeRolePolicy', outcome: 'already-in-place' }, { heldBy: 'spec' }],
      },
    ]);
    expect(await app.ledger.owed({ accountId: ACCOUNT_ID, roleName: 'app' })).toEqual([]);
  });

  it('what was put back of drift that goes on is told, too: not all of it was there at first', async () => {
    const app = await anApp();
    await app.killSwitch.pause('maintenance');
    await app.happen(putTrust(other));
    await app.killSwitch.unpause();
    app.failNext('close');
    await app.happen(change);
    await app.deliver(change);
    expect(trustsIn(told(app))).toEqual([other, backdoor]);
  });

  it('a report that did not reach the bus is not lost where its event comes again and finds another backdoor', async () => {
    const app = await anApp();
    app.failNext('publish');
    await app.happen(change);
    app.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(other) },
    });
    await app.deliver(change);
    expect(trustsIn(told(app))).toEqual([backdoor, other]);
  });

  it('drift that is only told is told, though somebody has undone it meanwhile; then it ends by itself', async () => {
    const app = await anApp(aSpec({ more: { mode: 'detect' } }));
    app.failNext('publish');
    await app.happen(change);
    app.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(trustsEc2) },
    });
    await app.deliver(change);
    expect(told(app)).toMatchObject([{ outcome: 'detected' }]);
    expect(app.ledger.incidents()).toMatchObject([{ report: { outcome: 'in-sync' } }]);
    expect(await app.ledger.owed({ accountId: ACCOUNT_ID, roleName: 'app' })).toEqual([]);
  });
});

async function paused(): Promise<Scene> {
  const app = await anApp();
  await app.killSwitch.pause('maintenance');
  return app;
}

const detecting = async () => anApp(aSpec({ more: { mode: 'detect' } }));

describe('a crash of a look that had put nothing back, which is told once nothing of it is found any more', () => {
  it.each<[string, () => Promise<Scene>, string, string]>([
    ['held', paused, 'held', 'killSwitch'],
    ['only told', detecting, 'detected', 'mode'],
  ])('what was %s and somebody has undone is told as that', async (_what, begin, outcome, heldBy) => {
    const app = await begin();
    app.failNext('close');
    await app.happen(change);
    applied(app, putTrust(trustsEc2));
    app.clock.advance(360_000);
    const found = app.clock.now().toISOString();
    await app.deliver(change);
    expect(writes(app)).toEqual([]);
    expect(told(app)).toMatchObject([
      { outcome, verified: null, exposure: { to: found }, changes: [{ outcome: 'held', heldBy }] },
    ]);
    expect(told(app)[0]?.changes[0]?.reason).toMatch(/.+; the difference is gone by now$/);
    expect(told(app)[0]?.nextSteps.join(' ')).not.toContain('still stands');
    expect(app.ledger.incidents()).toMatchObject([{ report: { outcome: 'in-sync' } }]);
  });

  it('what the spec leaves, and somebody has undone, is told as over', async () => {
    const app = await anApp(aSpec({ unlisted: 'report' }));
    app.failNext('close');
    await app.happen(attach('SecurityAudit'));
    applied(app, detach('SecurityAudit'));
    app.clock.advance(360_000);
    await sweep(app);
    expect(told(app).map(headline)).toEqual([expect.stringMatching(/^this role could .* for 6 min/)]);
    expect(told(app)).toMatchObject([{ outcome: 'detected' }]);
  });

  it.each<[string, () => Promise<Scene>, string]>([
    ['held', paused, 'held'],
    ['only told', detecting, 'detected'],
  ])('what was %s is told so beside the backdoor that is there instead', async (_what, begin, outcome) => {
    const app = await begin();
    app.failNext('close');
    await app.happen(change);
    applied(app, putTrust(other));
    app.clock.advance(360_000);
    await app.deliver(change);
    expect(trustsIn(told(app))).toEqual([backdoor, other]);
    expect(told(app).map((report) => report.outcome)).toEqual(told(app).map(() => outcome));
    expect(told(app).at(-1)?.exposure?.to).toBeNull();
  });

  it('what was held, and the spec wants by now, nobody has seen closed', async () => {
    const app = await paused();
    app.failNext('close');
    await app.happen(change);
    app.redeploy(aSpec({ trustPolicy: backdoor }));
    app.clock.advance(360_000);
    await app.deliver(change);
    expect(told(app)).toMatchObject([
      { outcome: 'held', exposure: { to: null }, changes: [{ heldBy: 'killSwitch' }] },
    ]);
    expect(told(app)[0]?.nextSteps[0]).toMatch(
      /^Nobody has seen whether the access gained since .* still stands/,
    );
  });

  it('what was to be put back, and was not before the spec declared it, was not put back', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'DetachRolePolicy', error: 'AccessDenied', times: 1 });
    app.failNext('close');
    const attached = attach('SecurityAudit');
    await app.happen(attached);
    app.redeploy(aSpec({ attached: [managed('ReadOnlyAccess'), managed('SecurityAudit')] }));
    app.clock.advance(360_000);
    await app.deliver(attached);
    expect(told(app)).toMatchObject([
      { outcome: 'failed', verified: false, exposure: { to: null }, changes: [{ outcome: 'failed' }] },
    ]);
  });
});
