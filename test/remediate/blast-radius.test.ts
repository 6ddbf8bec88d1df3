import { describe, expect, it, onTestFinished } from 'vitest';

import { usualLimits } from '../../shared/guards/limits.ts';
import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';
import {
  aScene,
  aSpec,
  attach,
  backdoor,
  createAsDeclared,
  detach,
  managed,
  putTrust,
  sweep,
  told,
  trusting,
  trustsEc2,
  writes,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, scene, type Scene } from '../support/scene.ts';

const MINUTE = 60_000;
const roles = (count: number) => Array.from({ length: count }, (_, index) => `role-${index + 1}`);
const typo = trusting({ Service: 'ecs.amazonaws.com' });

const reporting = (names: readonly string[], mode: string, session?: number) =>
  JSON.stringify({
    version: 1,
    defaults: { mode },
    roles: names.map((name) => ({
      name,
      trustPolicy: trustsEc2,
      ...(session === undefined ? {} : { maxSessionDuration: session }),
      managedPolicies: { attached: [managed('ReadOnlyAccess')], unlisted: 'report' },
    })),
  });

describe('a spec with a typo', () => {
  it('makes 200 roles drifted: no writes, one message with the list and the plan', async () => {
    const names = roles(200);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    await sweep(one, names);
    expect(writes(one)).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'held', changes: [{ heldBy: 'blastRadius', dueAt: null }] }]);
    const [report] = told(one);
    expect(report?.changes[0]?.reason).toContain('200 roles differ from the spec');
    expect(report?.nextSteps.join()).toMatch(/put the declared trust policy back: role-1, .*role-200/);
    // Not to close what the spec perhaps should not have asked for.
    expect(report?.nextSteps[0]).toMatch(
      /^If what is held is what the spec shall do: iam-drift resume --incident /,
    );
    expect(report?.nextSteps[0]?.endsWith(` ${report?.incidentId}`)).toBe(true);
  });

  it('is gone when the spec is corrected: nothing was ever written', async () => {
    const names = roles(20);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    one.redeploy(aSpec({ names }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    expect(writes(one)).toEqual([]);
    expect(one.ledger.incidents()).toMatchObject([{ report: { outcome: 'in-sync' } }]);
  });

  it('is told once, whatever else happens to the roles meanwhile', async () => {
    const names = roles(30);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    for (const name of names.slice(0, 15)) await one.deliver(putTrust(trustsEc2, {}, name));
    await Promise.all(names.map(async (name) => one.deliver(putTrust(trustsEc2, {}, name))));
    await one.pass(20 * MINUTE);
    expect(told(one)).toMatchObject([{ changes: [{ heldBy: 'blastRadius' }] }]);
    for (const name of names) await one.deliver(putTrust(trustsEc2, {}, name));
    await one.pass(20 * MINUTE);
    await sweep(one, names);
    expect(told(one)).toHaveLength(1);
    expect(writes(one)).toEqual([]);
  });

  it('is told by the first role alone, though events come before the others are told of', async () => {
    const names = roles(20);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    one.clock.advance(6 * MINUTE);
    for (const name of names) await one.deliver(putTrust(trustsEc2, {}, name));
    expect(told(one)).toMatchObject([{ role: { roleName: 'role-1' } }]);
  });

  it('hides no backdoor: what somebody does to a held role is told', async () => {
    const names = roles(20);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(10 * MINUTE);
    for (const name of ['role-1', 'role-7']) {
      await one.happen(putTrust(backdoor, {}, name));
      await one.deliver(putTrust(backdoor, {}, name));
    }
    await one.pass(60 * MINUTE);
    await sweep(one, names);
    expect(told(one).map(({ role, severity }) => [role.roleName, severity])).toEqual([
      [told(one)[0]?.role.roleName, 'high'],
      ['role-1', 'critical'],
      ['role-7', 'critical'],
    ]);
  });

  it('is told again when the same spec comes back after it was corrected', async () => {
    const names = roles(20);
    const one = await aScene(aSpec({ names }), names);
    for (const round of [1, 2]) {
      one.redeploy(aSpec({ names, trustPolicy: typo }));
      await sweep(one, names);
      await one.pass(20 * MINUTE);
      expect(told(one)).toHaveLength(round);
      one.redeploy(aSpec({ names }));
      await sweep(one, names);
    }
  });

  it('leaves nothing behind that counts, once the roles are declared no more', async () => {
    const names = roles(40);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    const left = names.slice(0, 12);
    one.redeploy(aSpec({ names: left }));
    await sweep(one, left);
    one.redeploy(aSpec({ names: left, attached: [managed('SecurityAudit')] }));
    await one.deliver(putTrust(trustsEc2, {}, 'role-1'));
    await one.pass(10 * MINUTE);
    expect(one.account.role('role-1')?.managedPolicies).toEqual([managed('SecurityAudit')]);
  });

  it('that was meant goes ahead on resume', async () => {
    const names = roles(12);
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    expect(writes(one)).toEqual([]);
    const incidentId = told(one)[0]?.incidentId ?? '';
    await one.controls.resume(ACCOUNT_ID, { at: one.clock.now().toISOString(), incidentId, by: 'ann' });
    await sweep(one, names);
    expect(writes(one)).toHaveLength(12);
    for (const name of names) expect(one.account.role(name)?.trustPolicy).toEqual(typo);
  });
});

/** A new installation, so many of whose roles are not as declared, a while after its first sweep. */
async function install(count: number, drifted: number): Promise<Scene> {
  const names = roles(count);
  const one = await scene(aSpec({ names }));
  onTestFinished(async () => one.close());
  for (const [at, roleName] of names.entries())
    one.account.createRole({
      roleName,
      trustPolicy: at < drifted ? typo : trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
  await sweep(one, names);
  expect(writes(one)).toEqual([]);
  await one.pass(10 * MINUTE);
  return one;
}

it('what somebody has written of a resumption that is to come releases nothing', async () => {
  const names = roles(12);
  const one = await aScene(aSpec({ names }), names);
  one.redeploy(aSpec({ names, trustPolicy: typo }));
  await one.controls.resume(ACCOUNT_ID, { at: '2027-01-01T00:00:00.000Z', incidentId: 'x', by: 'ann' });
  await sweep(one, names);
  await one.pass(20 * MINUTE);
  expect(writes(one)).toEqual([]);
});

describe('the first sweep of a new installation', () => {
  it('that finds a few roles drifted puts them back once all have been looked at', async () => {
    const one = await install(30, 10);
    expect(writes(one)).toHaveLength(10);
    expect(told(one).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => 'remediated'));
  });

  it('that finds many writes nothing, and one report tells', async () => {
    const one = await install(30, 11);
    expect(writes(one)).toEqual([]);
    expect(told(one)).toMatchObject([{ outcome: 'held', changes: [{ heldBy: 'blastRadius' }] }]);
  });
});

describe('a change of the spec', () => {
  const names = roles(20);
  const withExtra = async () => {
    const one = await aScene(aSpec({ names, unlisted: 'report' }), names);
    one.account.apply({
      eventName: 'AttachRolePolicy',
      requestParameters: { roleName: 'role-1', policyArn: managed('SecurityAudit') },
    });
    await sweep(one, names);
    one.reports.splice(0);
    return one;
  };

  it('that reaches a few of many roles is made once all have been looked at', async () => {
    const one = await withExtra();
    one.redeploy(aSpec({ names }));
    await sweep(one, names);
    expect(writes(one)).toEqual([]);
    await one.pass(6 * MINUTE);
    expect(writes(one)).toEqual(['DetachRolePolicy']);
    expect(told(one)).toMatchObject([{ outcome: 'remediated' }]);
  });

  it('holds nothing that somebody does meanwhile, and that it would have found nothing of before', async () => {
    const one = await aScene(aSpec({ names, unlisted: 'report' }), names);
    one.redeploy(aSpec({ names }));
    await one.happen(attach('SecurityAudit', {}, 'role-1'));
    expect(writes(one)).toEqual(['DetachRolePolicy']);
  });

  it('makes nothing else suspect: what it does not speak of is put back at once', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(reporting(names, 'enforce', 3600));
    for (const name of names) await one.happen(putTrust(backdoor, {}, name));
    for (const name of names) expect(one.account.role(name)?.trustPolicy).toEqual(trustsEc2);
  });

  it('of many roles hides no door that somebody opens meanwhile: it is closed, and told', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    for (const name of names.slice(0, 12)) await one.happen(detach('ReadOnlyAccess', {}, name));
    const insider = trusting({ AWS: `arn:aws:iam::${ACCOUNT_ID}:user/mallory` });
    await one.happen(putTrust(insider, {}, 'role-15'));
    await one.happen(attach('AdministratorAccess', {}, 'role-16'));
    await sweep(one, names);
    expect(one.account.role('role-15')?.trustPolicy).toEqual(typo);
    expect(one.account.role('role-16')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    await one.pass(20 * MINUTE);
    expect(told(one).map(({ role }) => role.roleName)).toEqual(
      expect.arrayContaining(['role-15', 'role-16']),
    );
    expect(one.account.role('role-17')?.trustPolicy).toEqual(trustsEc2);
  });

  it('holds a service that is let in meanwhile: deployments let in services, too', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await one.happen(putTrust(trusting({ Service: 'lambda.amazonaws.com' }), {}, 'role-15'));
    expect(writes(one)).toEqual([]);
    await one.pass(6 * MINUTE);
    expect(one.account.role('role-15')?.trustPolicy).toEqual(typo);
  });

  it('in an installation of few roles is made at once', async () => {
    const one = await aScene(aSpec());
    one.redeploy(aSpec({ trustPolicy: typo }));
    await sweep(one);
    expect(one.account.role('app')?.trustPolicy).toEqual(typo);
  });
});

describe('a spec that has been carried out', () => {
  it('is no suspect, though something is left as it is: a backdoor is closed at once', async () => {
    const names = roles(20);
    const one = await aScene(reporting(names, 'enforce'), names);
    for (const name of names) await one.happen(attach('SecurityAudit', {}, name));
    one.redeploy(reporting(names, 'enforce', 3600));
    await sweep(one, names);
    for (const name of names) await one.happen(putTrust(backdoor, {}, name));
    for (const name of names) expect(one.account.role(name)?.trustPolicy).toEqual(trustsEc2);
  });

  it('in detect mode is the suspect once it is enforced', async () => {
    const names = roles(20);
    const one = await scene(reporting(names, 'detect'));
    onTestFinished(async () => one.close());
    for (const name of names) createAsDeclared(one, name);
    for (const name of names) await one.happen(putTrust(typo, {}, name));
    one.redeploy(reporting(names, 'enforce'));
    one.reports.splice(0);
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    expect(writes(one)).toEqual([]);
    expect(told(one)).toMatchObject([{ changes: [{ heldBy: 'blastRadius' }] }]);
  });
});

describe('many roles that drift at once', () => {
  it('are counted without those that nobody knows: whoever may only create roles holds up nobody’s repair', async () => {
    const one = await aScene(aSpec({ names: ['node-*', 'app'] }), ['app']);
    one.clock.advance(MINUTE);
    for (const name of roles(15).map((role) => `node-${role}`)) {
      one.account.createRole({ roleName: name, trustPolicy: trustsEc2 });
      await one.deliver(anIamEvent('CreateRole', { roleName: name }));
    }
    await one.happen(detach('ReadOnlyAccess'));
    expect(one.account.role('app')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('fifty decoys first: the backdoor is closed all the same, and what restores is held', async () => {
    const names = roles(51);
    const one = await aScene(aSpec({ names }), names);
    for (const name of names.slice(0, 50)) await one.happen(detach('ReadOnlyAccess', {}, name));
    await one.happen(putTrust(backdoor, {}, 'role-51'));
    expect(one.account.role('role-51')?.trustPolicy).toEqual(trustsEc2);
    expect(one.account.role('role-10')?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    expect(one.account.role('role-11')?.managedPolicies).toEqual([]);
    expect(told(one)[10]).toMatchObject({ outcome: 'held', changes: [{ heldBy: 'blastRadius' }] });
    expect(told(one)[10]?.changes[0]?.dueAt).not.toBeNull();
    await one.controls.resume(ACCOUNT_ID, { at: one.clock.now().toISOString(), incidentId: 'x', by: 'ann' });
    await sweep(one, names);
    for (const name of names)
      expect(one.account.role(name)?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });

  it('are put back once no more have drifted for a while, each at its second look', async () => {
    const names = roles(40);
    const one = await aScene(aSpec({ names }), names);
    for (const name of names) await one.happen(detach('ReadOnlyAccess', {}, name));
    const looksBefore = one.logs.length;
    await one.pass(16 * MINUTE);
    for (const name of names)
      expect(one.account.role(name)?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
    // The ten that were put back at once are not held, and are looked at once more for their youth.
    expect(one.logs.length - looksBefore).toBeLessThanOrEqual(40);
    const marks = await one.roleStates.marks(ACCOUNT_ID);
    expect(marks.filter(({ isHeld }) => isHeld)).toEqual([]);
  });

  it('up to ten are nothing special', async () => {
    const names = roles(10);
    const one = await aScene(aSpec({ names }), names);
    for (const name of names) await one.happen(detach('ReadOnlyAccess', {}, name));
    expect(told(one).every(({ outcome }) => outcome === 'remediated')).toBe(true);
  });

  it('how many are many, and for how long, is a setting', async () => {
    const names = roles(4);
    const limits = { ...usualLimits, manyRoles: 2, manyPercent: 75, manyMinutes: 5 };
    const one = await scene(aSpec({ names }), undefined, limits);
    onTestFinished(async () => one.close());
    for (const name of names) createAsDeclared(one, name);
    await sweep(one, names);
    for (const name of names) await one.happen(detach('ReadOnlyAccess', {}, name));
    expect(writes(one)).toHaveLength(3);
    await one.pass(6 * MINUTE);
    expect(writes(one)).toHaveLength(4);
  });

  it('the canary, which drifts by appointment, is not counted among them', async () => {
    const names = [CANARY_ROLE_NAME, ...roles(10)];
    const one = await aScene(aSpec({ names }), names);
    for (const name of names) await one.happen(detach('ReadOnlyAccess', {}, name));
    expect(told(one).every(({ outcome }) => outcome === 'remediated')).toBe(true);
  });
});
