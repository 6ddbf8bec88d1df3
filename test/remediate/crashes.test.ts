import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject, ReconcileReport } from '../../shared/model.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';

const trusting = (principal: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});
const trustsEc2 = trusting({ Service: 'ec2.amazonaws.com' });
const spec = `
version: 1
defaults: { mode: enforce }
roles:
  - name: app
    trustPolicy: ${JSON.stringify(trustsEc2)}
`;
const backdoor = anIamEvent('UpdateAssumeRolePolicy', {
  roleName: 'app',
  policyDocument: JSON.stringify(trusting({ AWS: '999988887777' })),
});
const resync = JSON.stringify({
  recheckRole: {
    role: { accountId: '111122223333', partition: 'aws', roleName: 'app' },
    trigger: 'resync',
    causes: [],
    recheck: 0,
  },
});

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function anApp(mode = 'enforce'): Promise<Scene> {
  const one = await scene(spec.replace('enforce', mode));
  scenes.push(one);
  one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
  return one;
}

const loud = ({ reports }: Scene) => reports.filter(({ outcome }) => outcome !== 'in-sync');
const distinct = (reports: readonly ReconcileReport[]) => new Set(reports.map(({ id }) => id)).size;

describe('a crash on the way from the change to its report', () => {
  it('the bus is down: the report is told by the next delivery, under its own id', async () => {
    const app = await anApp();
    app.failNext('publish');
    expect(await app.happen(backdoor)).toEqual(['m0']);
    expect(app.reports).toEqual([]);
    expect(await app.deliver(backdoor)).toEqual([]);
    expect(loud(app)).toMatchObject([{ outcome: 'remediated', causes: [{ eventId: backdoor['eventID'] }] }]);
    expect(await app.ledger.owed({ accountId: '111122223333', roleName: 'app' })).toEqual([]);
  });

  it('or by the sweep', async () => {
    const app = await anApp();
    app.failNext('publish');
    await app.happen(backdoor);
    await app.deliver(resync);
    expect(loud(app)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('published but not marked: published once more under the same id', async () => {
    const app = await anApp();
    app.failNext('published');
    await app.happen(backdoor);
    await app.deliver(backdoor);
    await app.deliver(backdoor);
    expect(loud(app)).toHaveLength(2);
    expect(distinct(loud(app))).toBe(1);
  });

  it('put back but never closed: the delivery of the same event tells what happened', async () => {
    const app = await anApp();
    app.failNext('close');
    expect(await app.happen(backdoor)).toEqual(['m0']);
    await app.deliver(backdoor);
    expect(loud(app)).toMatchObject([
      {
        outcome: 'remediated',
        verified: true,
        severity: 'critical',
        causes: [{ eventId: backdoor['eventID'] }],
        changes: [{ outcome: 'already-in-place' }],
      },
    ]);
    await app.deliver(backdoor);
    expect(loud(app)).toHaveLength(1);
  });

  it('the sweep tells it, too, once it is sure that nobody is at work on it any more', async () => {
    const app = await anApp();
    app.failNext('close');
    await app.happen(backdoor);
    await app.deliver(resync);
    expect(loud(app)).toEqual([]);
    app.clock.advance(180_000);
    await app.deliver(resync);
    expect(loud(app)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('drift that is left in place is told, though its report did not reach the bus at first', async () => {
    const app = await anApp('detect');
    app.failNext('publish');
    expect(await app.happen(backdoor)).toEqual(['m0']);
    await app.deliver(backdoor);
    await app.deliver(backdoor);
    expect(loud(app)).toMatchObject([{ outcome: 'detected' }]);
  });

  it('and by the sweep, too', async () => {
    const app = await anApp('detect');
    app.failNext('publish');
    await app.happen(backdoor);
    await app.deliver(resync);
    expect(loud(app)).toMatchObject([{ outcome: 'detected' }]);
  });

  it('a change that fails each time is told, though its first report did not reach the bus', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'UpdateAssumeRolePolicy', error: 'AccessDenied', times: 9 });
    app.failNext('publish');
    await app.happen(backdoor);
    await app.deliver(backdoor);
    await app.deliver(backdoor);
    expect(loud(app)).toMatchObject([{ outcome: 'failed' }]);
  });
});
