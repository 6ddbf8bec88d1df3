import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import {
  aScene,
  aSpec,
  backdoor,
  createAsDeclared,
  detach,
  managed,
  putTrust,
  sweep,
  told,
  trustsEc2,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, type Scene } from '../support/scene.ts';

const MINUTE = 60_000;
const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
const late = { ...app, roleName: 'late' };

/** Somebody deletes the role and creates one of its name that he may assume himself. */
async function createAgain(one: Scene): Promise<void> {
  await one.happen(detach('ReadOnlyAccess'), anIamEvent('DeleteRole', { roleName: 'app' }));
  one.account.createRole({ roleName: 'app', trustPolicy: backdoor });
  one.reports.splice(0);
  await one.deliver(anIamEvent('CreateRole', { roleName: 'app' }));
}

/** The event that tells of it, of this very moment. */
const creation = ({ clock }: Scene, trustPolicy: JsonObject | string) =>
  anIamEvent(
    'CreateRole',
    {
      roleName: 'late',
      assumeRolePolicyDocument: typeof trustPolicy === 'string' ? trustPolicy : JSON.stringify(trustPolicy),
    },
    { eventTime: `${clock.now().toISOString().slice(0, 19)}Z` },
  );

/** The role `late` is created, with another trust policy at first if one is given. */
async function create(one: Scene, trustPolicy: JsonObject, atFirst = trustPolicy): Promise<void> {
  one.clock.advance(MINUTE);
  one.account.createRole({ roleName: 'late', trustPolicy });
  await one.deliver(creation(one, atFirst));
}

describe('a role that is not the one we knew', () => {
  it('is closed, and gets nothing until it is approved', async () => {
    const one = await aScene(aSpec());
    await createAgain(one);
    expect(one.account.role('app')).toMatchObject({ trustPolicy: trustsEc2, managedPolicies: [] });
    expect(told(one)).toMatchObject([
      {
        outcome: 'partly-remediated',
        changes: [{ outcome: 'applied' }, { outcome: 'held', heldBy: 'squatter' }],
      },
    ]);
    expect(told(one)[0]?.nextSteps.join()).toContain('iam-drift approve app');
    const { strangerId } = await one.roleStates.get(app);
    await one.controls.approve(app, { at: '2026-03-02T10:00:00.000Z', roleId: strangerId ?? '', by: 'ann' });
    await sweep(one);
    expect(one.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(await one.roleStates.get(app)).toMatchObject({ roleId: strangerId, strangerId: null });
  });

  it('an approval is for that one only', async () => {
    const one = await aScene(aSpec());
    await one.controls.approve(app, { at: '2026-03-02T10:00:00.000Z', roleId: 'AROAOTHER', by: 'ann' });
    await createAgain(one);
    expect(one.account.role('app')?.managedPolicies).toEqual([]);
  });

  it('nor is one that is created under a pattern once all its roles are known', async () => {
    const one = await aScene(aSpec({ names: ['node-*'] }), ['node-1']);
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'node-2', trustPolicy: backdoor });
    await one.deliver(anIamEvent('CreateRole', { roleName: 'node-2' }));
    expect(one.account.role('node-2')).toMatchObject({ trustPolicy: trustsEc2, managedPolicies: [] });
    createAsDeclared(one, 'node-3');
    await one.deliver(anIamEvent('CreateRole', { roleName: 'node-3' }));
    await one.happen(detach('ReadOnlyAccess', {}, 'node-3'), detach('ReadOnlyAccess', {}, 'node-1'));
    expect(one.account.role('node-3')?.managedPolicies).toEqual([]);
    expect(one.account.role('node-1')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('nor is one that is seen to be created under a pattern, though no role was ever looked at', async () => {
    const one = await aScene(aSpec({ names: ['node-*'] }), []);
    one.account.createRole({ roleName: 'node-1', trustPolicy: trustsEc2 });
    await one.deliver(anIamEvent('CreateRole', { roleName: 'node-1' }));
    await sweep(one, ['node-1']);
    expect(one.account.role('node-1')?.managedPolicies).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'held', changes: [{ heldBy: 'squatter' }] }]);
  });

  it('nor is one that the second sweep finds under a pattern, created since the first', async () => {
    const one = await aScene(aSpec({ names: ['node-*'] }), ['node-1']);
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'node-2', trustPolicy: trustsEc2 });
    await sweep(one, ['node-1', 'node-2']);
    expect(one.account.role('node-2')?.managedPolicies).toEqual([]);
  });

  it('one under a pattern that was there before the first sweep is, though events came before it', async () => {
    const one = await aScene(aSpec({ names: ['node-*'] }), []);
    createAsDeclared(one, 'node-1');
    await one.deliver(putTrust(trustsEc2, {}, 'node-1'));
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'node-2', trustPolicy: trustsEc2 });
    await sweep(one, ['node-1', 'node-2']);
    await one.pass(6 * MINUTE);
    expect(one.account.role('node-2')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('nor is one that was open to somebody else when it was created: he has a session by now', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.account.createRole({ roleName: 'late', trustPolicy: backdoor });
    await one.deliver(anIamEvent('CreateRole', { roleName: 'late' }));
    expect(one.account.role('late')).toMatchObject({ trustPolicy: trustsEc2, managedPolicies: [] });
    await sweep(one, ['late']);
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
    expect(told(one)[0]?.nextSteps.join()).toContain('iam-drift approve late');
  });

  it('a role that the spec names is believed at first sight, if it let in nobody else at its creation', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    await create(one, trustsEc2);
    expect(one.account.role('late')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('one that let somebody in at its creation is not believed, though he has closed it by now', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    await create(one, trustsEc2, backdoor);
    await sweep(one, ['late']);
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'held', changes: [{ heldBy: 'squatter' }] }]);
    expect(told(one)[0]?.causes[0]).not.toHaveProperty('createdOpen');
  });

  it('one whose trust policy was changed since is not believed, whoever is in it now', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: trustsEc2 });
    await one.deliver(creation(one, trustsEc2), putTrust(trustsEc2, {}, 'late'));
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
  });

  it('one whose trust policy is not declared is not believed: nobody compares whom it lets in', async () => {
    const roles = ['app', 'late'].map((name) => ({ name, managedPolicies: [managed('ReadOnlyAccess')] }));
    const one = await aScene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
    await create(one, backdoor);
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
    expect(told(one)[0]?.nextSteps.join()).toContain('iam-drift approve late');
  });

  it.each([
    ['the sweep finds it soon after its creation', 1, async (one: Scene) => sweep(one, ['late'])],
    [
      'somebody touches it before a sweep has found it',
      60,
      async (one: Scene) => one.deliver(anIamEvent('TagRole', { roleName: 'late', tags: [] })),
    ],
  ])('nor where no event of its creation has come: %s', async (_how, minutes, look) => {
    const roles = ['app', 'late'].map((name) => ({ name, managedPolicies: [managed('ReadOnlyAccess')] }));
    const one = await aScene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: backdoor });
    one.clock.advance(minutes * MINUTE);
    await look(one);
    await one.pass(6 * MINUTE);
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'held', changes: [{ heldBy: 'squatter' }] }]);
  });

  it('one whose trust policy is not declared is believed where it has been there for a while', async () => {
    const one = await aScene(
      JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles: [{ name: 'app' }] }),
    );
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: trustsEc2 });
    one.clock.advance(60 * MINUTE);
    const roles = [{ name: 'app' }, { name: 'late', managedPolicies: [managed('ReadOnlyAccess')] }];
    one.redeploy(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
    await sweep(one, ['app', 'late']);
    expect(one.account.role('late')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('one whose creation is told late is closed at once, and given what it lacks when it was created in order', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: trustsEc2 });
    const created = creation(one, trustsEc2);
    await one.deliver(anIamEvent('TagRole', { roleName: 'late', tags: [] }));
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
    await one.deliver(created);
    expect(one.account.role('late')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('one is not vouched for by the creation of another, which had its name a minute before', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.clock.advance(MINUTE);
    const ofAnother = creation(one, trustsEc2);
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: trustsEc2 });
    await one.deliver(ofAnother);
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
  });

  it('since when roles are known is learnt by the first sweep, whoever was known before', async () => {
    const one = await aScene(aSpec({ names: ['node-*', 'app'] }), []);
    createAsDeclared(one, 'app');
    await one.deliver(putTrust(trustsEc2));
    await sweep(one);
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'node-2', trustPolicy: trustsEc2 });
    await one.deliver(anIamEvent('TagRole', { roleName: 'node-2', tags: [] }));
    expect(one.account.role('node-2')?.managedPolicies).toEqual([]);
  });

  it('one is no more believed for the number of events that come after what speaks against it', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: trustsEc2 });
    const created = creation(one, trustsEc2);
    await one.deliver(created, putTrust(backdoor, {}, 'late'), putTrust(trustsEc2, {}, 'late'));
    for (let nth = 0; nth < 60; nth += 1)
      await one.deliver(anIamEvent('TagRole', { roleName: 'late', tags: [{ key: 'nth', value: `${nth}` }] }));
    await one.deliver(created);
    expect(one.account.role('late')?.managedPolicies).toEqual([]);
  });

  it('nor when its creation is told again, though it was as declared, and why it was not believed is forgotten', async () => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.clock.advance(MINUTE);
    createAsDeclared(one, 'late');
    const created = creation(one, trustsEc2);
    await one.deliver(created, putTrust(backdoor, {}, 'late'), putTrust(trustsEc2, {}, 'late'));
    await one.deliver(created);
    const { roleId, strangerId } = await one.roleStates.get(late);
    expect({ roleId, isStranger: strangerId !== null }).toEqual({ roleId: null, isStranger: true });
  });

  it.each([
    ['duplicate keys', JSON.stringify(trustsEc2).replace('{', '{"Version":"2012-10-17",')],
    ['cut', JSON.stringify(trustsEc2).slice(0, 40)],
    ['not shown', 'HIDDEN_DUE_TO_SECURITY_REASONS'],
    ['no principal', JSON.stringify(backdoor).replace('{"AWS":"arn:aws:iam::999988887777:root"}', '"x"')],
  ])('one whose first trust policy nobody can read is closed, and not believed: %s', async (_what, text) => {
    const one = await aScene(aSpec({ names: ['app', 'late'] }));
    one.clock.advance(MINUTE);
    one.account.createRole({ roleName: 'late', trustPolicy: backdoor });
    await one.deliver(creation(one, text));
    expect(one.account.role('late')).toMatchObject({ trustPolicy: trustsEc2, managedPolicies: [] });
  });
});
