import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
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
const more = Number.POSITIVE_INFINITY;

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

describe('a process that dies after any call to the outside', () => {
  it('leaves the role as declared, one incident with what was there, and people told', async () => {
    let calls = 1;
    for (; calls < more; calls += 1) {
      const app = await crashedAfter(calls);
      if (app === null) break;
      const at = `after call ${calls}`;
      expect(app.account.role('app'), at).toMatchObject({
        trustPolicy: trustsEc2,
        managedPolicies: [readOnly],
      });
      const incidents = app.ledger.incidents();
      expect(incidents, at).toHaveLength(1);
      expect(incidents, at).toMatchObject([
        {
          before: { trustPolicy: backdoor, managedPolicies: { attached: [administrator] } },
          causes: [{}, {}, {}],
          report: { outcome: 'remediated', verified: true },
        },
      ]);
      const told = app.reports.filter(({ outcome }) => outcome !== 'in-sync');
      expect(new Set(told.map(({ incidentId }) => incidentId)).size, at).toBe(1);
      expect(told.at(-1), at).toMatchObject({ outcome: 'remediated', verified: true });
      expect(told.length, at).toBeLessThanOrEqual(2);
      expect(await app.ledger.owed({ accountId: '111122223333', roleName: 'app' }), at).toEqual([]);
      await app.close();
      scenes.splice(scenes.indexOf(app), 1);
    }
    expect(calls).toBeGreaterThan(15);
  });
});
