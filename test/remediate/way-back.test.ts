import { describe, expect, it } from 'vitest';

import {
  aScene,
  aSpec,
  attach,
  backdoor,
  detach,
  managed,
  putTrust,
  sweep,
  told,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { applied } from '../support/kinds-of-looks.ts';
import { aFoundChange, aReport } from '../support/reports.ts';
import { ACCOUNT_ID, type Scene } from '../support/scene.ts';

const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };

/** A newer version, which knows a further aspect, has seen the role in sync. */
async function afterNewer(spec = aSpec()): Promise<Scene> {
  const one = await aScene(spec);
  const state = await one.roleStates.get(app);
  const lastInSync = { path: '/', aspects: { ...state.lastInSync?.aspects, sessionPolicies: { a: 1 } } };
  await one.roleStates.put({ ...state, lastInSync });
  return one;
}

describe('after a way back from a version that knows a further aspect of roles', () => {
  it('a deleted role is told of, with what makes it again', async () => {
    const one = await afterNewer();
    applied(one, detach('ReadOnlyAccess'));
    expect(await one.happen(anIamEvent('DeleteRole', { roleName: 'app' }))).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'detected', recreate: { from: 'last-in-sync' } }]);
  });

  it('a backdoor is closed', async () => {
    const one = await afterNewer();
    expect(await one.happen(putTrust(backdoor))).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('what that version found there, and a crash left untold, keeps nothing else from being told', async () => {
    const one = await afterNewer();
    await one.ledger.open({
      incidentId: `${ACCOUNT_ID}/app/NEWER`,
      role: app,
      openedAt: '2026-03-02T09:00:00.000Z',
      spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
      causes: aReport().causes,
      before: { sessionPolicies: { a: 1 } },
      found: [aFoundChange({ aspect: 'sessionPolicies', path: 'sessionPolicies' })],
      plan: [],
    });
    expect(await one.happen(attach('SecurityAudit'))).toEqual([]);
    await sweep(one);
    expect(one.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(
      told(one)
        .flatMap(({ drift }) => drift.differences.map(({ path }) => path))
        .sort(),
    ).toEqual([`managedPolicies[${managed('SecurityAudit')}]`, 'sessionPolicies']);
  });
});

it('after a way back from a version that remembers roles in another shape, a backdoor is closed though the spec has changed', async () => {
  const one = await aScene(aSpec());
  const state = await one.roleStates.get(app);
  await one.roleStates.put({ ...state, lastInSync: { path: '/', aspects: { managedPolicies: 7 } } });
  one.redeploy(aSpec({ attached: [managed('ReadOnlyAccess'), managed('SecurityAudit')] }));
  expect(await one.happen(putTrust(backdoor))).toEqual([]);
  expect(told(one)).toMatchObject([{ outcome: 'remediated', verified: true }]);
});
