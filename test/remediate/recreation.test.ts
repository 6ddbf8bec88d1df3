import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { aScene, backdoor, managed, putTrust, sweep, told, trustsEc2, writes } from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, type Scene } from '../support/scene.ts';

const MINUTE = 60_000;
const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };

const aSpec = (more: JsonObject = { whenDeleted: 'recreate' }): string =>
  JSON.stringify({
    version: 1,
    defaults: { mode: 'enforce' },
    roles: [
      {
        name: 'app',
        trustPolicy: trustsEc2,
        managedPolicies: [managed('ReadOnlyAccess')],
        tags: { team: 'web' },
        description: 'the app',
        maxSessionDuration: 7200,
        permissionsBoundary: managed('PowerUserAccess'),
        ...more,
      },
    ],
  });

/** A scene after the deletion, and the calls that change something from then on. */
async function aDeletedRole(spec = aSpec()): Promise<Scene & { readonly written: () => readonly string[] }> {
  const one = await aScene(spec);
  one.account.apply({
    eventName: 'DetachRolePolicy',
    requestParameters: { roleName: 'app', policyArn: managed('ReadOnlyAccess') },
  });
  const known = writes(one).length;
  await one.happen(anIamEvent('DeleteRole', { roleName: 'app' }, { eventTime: '2026-03-02T10:00:01Z' }));
  return { ...one, written: () => writes(one).slice(known) };
}

describe('a deleted role whose spec says recreate', () => {
  it('is told at once, and left to whoever replaces it for a quarter of an hour', async () => {
    const one = await aDeletedRole();
    expect(told(one)).toMatchObject([
      {
        outcome: 'held',
        drift: { status: 'DELETED' },
        changes: [{ action: 'iam:CreateRole', heldBy: 'recreation' }],
      },
    ]);
    expect(told(one)[0]?.changes[0]?.dueAt).toMatch(/T10:15:0\d/);
    expect(told(one)[0]?.nextSteps.join()).toContain('another unique id');
    await one.pass(14 * MINUTE);
    expect(one.written()).toEqual([]);
  });

  it('is then created, bounded from its first moment, and brought to its spec', async () => {
    const one = await aDeletedRole();
    await one.pass(17 * MINUTE);
    expect(one.written()).toEqual(['CreateRole', 'AttachRolePolicy', 'TagRole']);
    expect(one.account.role('app')).toMatchObject({
      trustPolicy: trustsEc2,
      description: 'the app',
      maxSessionDuration: 7200,
      permissionsBoundary: managed('PowerUserAccess'),
      managedPolicies: [managed('ReadOnlyAccess')],
      tags: { team: 'web' },
    });
    expect(told(one)).toMatchObject([
      { outcome: 'held' },
      { outcome: 'remediated', verified: true, changes: [{ action: 'iam:CreateRole' }] },
      { outcome: 'remediated', verified: true },
    ]);
    // There is nothing to be made by hand any more.
    expect(told(one).map(({ nextSteps }) => nextSteps.join().includes('iam-drift recreate'))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is no stranger: it was created by us', async () => {
    const one = await aDeletedRole();
    const { roleId } = await one.roleStates.get(app);
    await one.pass(17 * MINUTE);
    const state = await one.roleStates.get(app);
    expect(state.strangerId).toBeNull();
    expect(state.roleId).not.toBe(roleId);
    expect(state.roleId).toBe(one.account.role('app')?.roleId);
  });

  it('is no stranger, though somebody opens it before it is looked at again', async () => {
    const one = await aDeletedRole();
    await one.pass(15 * MINUTE + 5000);
    expect(one.written()).toEqual(['CreateRole']);
    await one.happen(putTrust(backdoor));
    expect(one.account.role('app')).toMatchObject({
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
  });

  it('one that somebody else has created in time is not the one we knew', async () => {
    const one = await aDeletedRole();
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
    await one.pass(17 * MINUTE);
    expect(one.written()).not.toContain('CreateRole');
    expect(one.account.role('app')?.managedPolicies).toEqual([]);
    expect(
      told(one)
        .at(-1)
        ?.changes.map(({ heldBy }) => heldBy),
    ).toContain('squatter');
  });

  it('waits from the deletion, however long the role has drifted', async () => {
    const one = await aDeletedRole(aSpec({ whenDeleted: 'recreate', recreateAfterMinutes: 30 }));
    await one.pass(29 * MINUTE);
    await sweep(one);
    expect(one.written()).toEqual([]);
    await one.pass(3 * MINUTE);
    expect(one.account.role('app')).not.toBeNull();
  });

  it('is created without a principal that is gone, too, and people are told what is missing', async () => {
    const friend = `arn:aws:iam::${ACCOUNT_ID}:role/friend`;
    const trustPolicy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        { Effect: 'Allow', Principal: { AWS: friend }, Action: 'sts:AssumeRole' },
      ],
    };
    const one = await aDeletedRole(aSpec({ whenDeleted: 'recreate', trustPolicy }));
    one.account.removePrincipal(friend);
    await one.pass(17 * MINUTE);
    expect(one.account.role('app')).toMatchObject({
      trustPolicy: trustsEc2,
      permissionsBoundary: managed('PowerUserAccess'),
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    const words = told(one).flatMap(({ nextSteps }) => nextSteps);
    expect(words.join('\n')).toContain(`Trust for ${friend} could not be restored`);
  });

  it('in detect mode is only told', async () => {
    const one = await aDeletedRole(aSpec({ whenDeleted: 'recreate', mode: 'detect' }));
    await one.pass(60 * MINUTE);
    expect(one.account.role('app')).toBeNull();
    expect(told(one)).toMatchObject([{ outcome: 'detected', changes: [{ heldBy: 'mode' }] }]);
    expect(told(one)[0]?.nextSteps.join()).toContain('iam-drift recreate app');
  });
});

describe('a role that was created when we were about to, but did not come to know', () => {
  const creatingSince = '2026-03-02T10:00:00.900Z';
  const roleId = 'AROANEWNEWNEWNEWNEWNE';
  const asDeclared = {
    trustPolicy: trustsEc2,
    permissionsBoundary: managed('PowerUserAccess'),
    createDate: new Date('2026-03-02T10:00:05Z'),
  };

  async function created(seed: object): Promise<object> {
    const one = await aScene(aSpec());
    await one.roleStates.put({ ...(await one.roleStates.get(app)), roleId: 'AROAOLD', creatingSince });
    one.account.createRole({ roleName: 'app', roleId, ...asDeclared, ...seed });
    await sweep(one);
    const { roleId: known, strangerId, creatingSince: still } = await one.roleStates.get(app);
    return { known, strangerId, still };
  }

  it.each([
    ['in that second, as IAM tells it', { createDate: new Date('2026-03-02T10:00:00Z') }],
    ['two minutes later', { createDate: new Date('2026-03-02T10:02:00Z') }],
  ])('%s is our own', async (_when, seed) => {
    expect(await created(seed)).toEqual({ known: roleId, strangerId: null, still: null });
  });

  it.each([
    ['before', { createDate: new Date('2026-03-02T09:59:59Z') }],
    ['later than any of our functions lives', { createDate: new Date('2026-03-02T10:02:01Z') }],
    ['so that somebody gains access', { trustPolicy: backdoor }],
    ['at another path', { path: '/other/' }],
  ])('%s is a stranger', async (_when, seed) => {
    expect(await created(seed)).toEqual({ known: 'AROAOLD', strangerId: roleId, still: creatingSince });
  });
});

describe('a deleted role whose spec says nothing', () => {
  it('is told with the commands that create it again', async () => {
    const one = await aDeletedRole(aSpec({}));
    await one.pass(60 * MINUTE);
    expect(one.account.role('app')).toBeNull();
    const [{ incidentId, nextSteps } = { incidentId: '', nextSteps: [] }] = told(one);
    const steps = nextSteps.join('\n');
    expect(steps).toContain(
      `to print the script, or with --cloudformation the template: iam-drift recreate app --incident ${incidentId}\n`,
    );
    expect(steps).toContain('iam-drift approve app');
    expect(steps).toContain('If the deletion was wanted, remove app from the spec');
  });
});
