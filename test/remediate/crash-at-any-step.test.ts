import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { recheckMessage } from '../../shared/ports/recheck-message.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';

const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const trusting = (principal: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});
const trustsEc2 = trusting({ Service: 'ec2.amazonaws.com' });
const backdoor = trusting({ AWS: 'arn:aws:iam::999988887777:root' });
const spec = `
version: 1
defaults: { mode: enforce }
roles:
  - name: app
    trustPolicy: ${JSON.stringify(trustsEc2)}
    managedPolicies: { attached: [${readOnly}], unlisted: detach }
`;
const most = 200;

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** The process dies after so many calls, the same message comes again. Answers null where it did not die. */
async function crashedAfter(calls: number): Promise<Scene | null> {
  const app = await scene(spec);
  scenes.push(app);
  app.account.createRole({ roleName: 'app', trustPolicy: trustsEc2, managedPolicies: [readOnly] });
  const events = [
    anIamEvent('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument: JSON.stringify(backdoor) }),
    anIamEvent('AttachRolePolicy', { roleName: 'app', policyArn: administrator }),
    anIamEvent('DetachRolePolicy', { roleName: 'app', policyArn: readOnly }),
  ];
  app.dieAfter(calls);
  const again = await app.happen(...events);
  if (!app.revive()) return null;
  expect(again).toEqual(['m0', 'm1', 'm2']);
  await app.deliver(...events);
  await app.pass(60_000);
  return app;
}

/** What came of it, in a few words. */
async function outcomeOf(app: Scene): Promise<object> {
  const told = app.reports.filter(({ outcome }) => outcome !== 'in-sync');
  const { trustPolicy, managedPolicies } = app.account.role('app') ?? {};
  return {
    role: { trustPolicy, managedPolicies },
    incidents: app.ledger.incidents().map(({ before, causes, report }) => ({
      before: before['trustPolicy'],
      causes: causes.length,
      outcome: report?.outcome,
      verified: report?.verified,
    })),
    told: { incidents: new Set(told.map(({ incidentId }) => incidentId)).size, last: told.at(-1)?.outcome },
    // Of each difference, in whichever report.
    toldOf: [...new Set(told.flatMap(({ drift }) => drift.differences.map(({ path }) => path)))].sort(),
    isToldTwice: told.length > 2,
    owed: await app.ledger.owed({ accountId: '111122223333', roleName: 'app' }),
  };
}

describe('a process that dies after any call to the outside', () => {
  it('leaves the role as declared, one incident with what was there, and people told', async () => {
    const outcomes: object[] = [];
    for (let calls = 1; calls < most; calls += 1) {
      const app = await crashedAfter(calls);
      if (app === null) break;
      outcomes.push({ calls, ...(await outcomeOf(app)) });
    }
    expect(outcomes.length).toBeGreaterThan(15);
    expect(outcomes).toEqual(
      outcomes.map((_, index) => ({
        calls: index + 1,
        role: { trustPolicy: trustsEc2, managedPolicies: [readOnly] },
        incidents: [{ before: backdoor, causes: 3, outcome: 'remediated', verified: true }],
        told: { incidents: 1, last: 'remediated' },
        toldOf: [`managedPolicies[${administrator}]`, `managedPolicies[${readOnly}]`, 'trustPolicy'],
        isToldTwice: false,
        owed: [],
      })),
    );
  });
});

const recreating = `
version: 1
defaults: { mode: enforce }
roles:
  - name: app
    whenDeleted: recreate
    trustPolicy: ${JSON.stringify(trustsEc2)}
    managedPolicies: [${readOnly}]
`;
const app = { accountId: '111122223333', partition: 'aws', roleName: 'app' };
const MINUTE = 60_000;

/** The process dies after so many calls of the look that creates a deleted role again. Answers null where it did not die. */
async function crashedWhileRecreating(calls: number): Promise<Scene | null> {
  const one = await scene(recreating);
  scenes.push(one);
  one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
  await one.deliver(
    JSON.stringify({ recheckRole: { role: app, trigger: 'resync', causes: [], recheck: 0 } }),
  );
  one.account.apply({
    eventName: 'DetachRolePolicy',
    requestParameters: { roleName: 'app', policyArn: readOnly },
  });
  await one.happen(anIamEvent('DeleteRole', { roleName: 'app' }, { eventTime: '2026-03-02T10:00:01Z' }));
  const [look] = one.rechecks.splice(0).slice(-1);
  if (look === undefined) throw new Error('nobody will look again');
  one.clock.advance(15 * MINUTE);
  one.dieAfter(calls);
  const message = recheckMessage(look.request);
  await one.deliver(message);
  if (!one.revive()) return null;
  await one.deliver(message);
  await one.pass(2 * MINUTE);
  return one;
}

describe('a process that dies while it creates a deleted role again', () => {
  it('leaves the role as declared, known for our own, and people told', async () => {
    const outcomes: object[] = [];
    for (let calls = 1; calls < most; calls += 1) {
      const one = await crashedWhileRecreating(calls);
      if (one === null) break;
      const role = one.account.role('app');
      const { roleId, strangerId } = await one.roleStates.get(app);
      outcomes.push({
        calls,
        attached: role?.managedPolicies,
        isKnown: roleId === role?.roleId && strangerId === null,
        told: one.reports.some(
          ({ outcome, changes }) =>
            outcome === 'remediated' && changes.some(({ action }) => action === 'iam:CreateRole'),
        ),
        owed: await one.ledger.owed(app),
      });
    }
    expect(outcomes.length).toBeGreaterThan(15);
    expect(outcomes).toEqual(
      outcomes.map((_, index) => ({
        calls: index + 1,
        attached: [readOnly],
        isKnown: true,
        told: true,
        owed: [],
      })),
    );
  });
});
