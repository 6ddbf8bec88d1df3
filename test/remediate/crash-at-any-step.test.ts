import { describe, expect, it, onTestFinished } from 'vitest';

import { recheckMessage } from '../../shared/ports/recheck-message.ts';
import {
  anApp,
  attach,
  backdoor,
  detach,
  managed,
  putTrust,
  sweep,
  told,
  trustsEc2,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, scene, type Scene } from '../support/scene.ts';

const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
const readOnly = managed('ReadOnlyAccess');
const administrator = managed('AdministratorAccess');
const most = 200;

/** The process dies after so many calls, the same message comes again. Answers null where it did not die. */
async function crashedAfter(calls: number): Promise<Scene | null> {
  const one = await anApp();
  const events = [putTrust(backdoor), attach('AdministratorAccess'), detach('ReadOnlyAccess')];
  one.dieAfter(calls);
  const again = await one.happen(...events);
  if (!one.revive()) return null;
  expect(again).toEqual(['m0', 'm1', 'm2']);
  await one.deliver(...events);
  await one.pass(60_000);
  return one;
}

/** What came of it, in a few words. */
async function outcomeOf(one: Scene): Promise<object> {
  const reports = told(one);
  const { trustPolicy, managedPolicies } = one.account.role('app') ?? {};
  return {
    role: { trustPolicy, managedPolicies },
    incidents: one.ledger.incidents().map(({ before, causes, report }) => ({
      before: before['trustPolicy'],
      causes: causes.length,
      outcome: report?.outcome,
      verified: report?.verified,
    })),
    told: {
      incidents: new Set(reports.map(({ incidentId }) => incidentId)).size,
      last: reports.at(-1)?.outcome,
    },
    // Of each difference, in whichever report.
    toldOf: [...new Set(reports.flatMap(({ drift }) => drift.differences.map(({ path }) => path)))].sort(),
    isToldTwice: reports.length > 2,
    owed: await one.ledger.owed(app),
  };
}

describe('a process that dies after any call to the outside', () => {
  it('leaves the role as declared, one incident with what was there, and people told', async () => {
    const outcomes: object[] = [];
    for (let calls = 1; calls < most; calls += 1) {
      const one = await crashedAfter(calls);
      if (one === null) break;
      outcomes.push({ calls, ...(await outcomeOf(one)) });
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
const MINUTE = 60_000;

/** The process dies after so many calls of the look that creates a deleted role again. Answers null where it did not die. */
async function crashedWhileRecreating(calls: number): Promise<Scene | null> {
  const one = await scene(recreating);
  onTestFinished(async () => one.close());
  one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
  await sweep(one);
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
