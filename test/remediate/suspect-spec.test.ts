import { describe, expect, it, onTestFinished } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import {
  aScene,
  aSpec,
  attach,
  backdoor,
  createAsDeclared,
  managed,
  putTrust,
  sessionOf,
  sweep,
  told,
  trusting,
  trustsEc2,
  writes,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const names = Array.from({ length: 30 }, (_, index) => `role-${index + 1}`);
const typo = trusting({ Service: 'ecs.amazonaws.com' });
const trustingAccount = (id: string) => trusting({ AWS: `arn:aws:iam::${id}:root` });
const mallory = sessionOf('mallory', 'x');

const trusts = ({ account }: Scene, document: JsonObject) =>
  names.filter((name) => JSON.stringify(account.role(name)?.trustPolicy) === JSON.stringify(document));
const heldBy = (one: Scene) => told(one).map(({ changes }) => changes.map((change) => change.heldBy));

async function watch(one: Scene, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 60 * MINUTE) {
    await one.pass(60 * MINUTE);
    await sweep(one, names);
  }
}

describe('a spec that is wrong for many roles', () => {
  it('writes nothing either when it came during a pause, once that is over', async () => {
    const one = await aScene(aSpec({ names }), names);
    await one.killSwitch.pause('ann: migration');
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    one.reports.splice(0);
    await one.killSwitch.unpause();
    await one.pass(30 * MINUTE);
    await sweep(one, names);
    expect(writes(one)).toEqual([]);
    expect(heldBy(one)).toEqual([['blastRadius']]);
  });

  it('writes nothing either when the roles are in the grace of their deployer, once that is over', async () => {
    const more = {
      graceMinutes: 30,
      deployers: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/terraform'],
    };
    const meant = trusting({ Service: 'lambda.amazonaws.com' });
    const one = await aScene(aSpec({ names, more }), names);
    for (const name of names) await one.happen(putTrust(meant, sessionOf('terraform', 'x'), name));
    await one.pass(5 * MINUTE);
    one.redeploy(aSpec({ names, trustPolicy: typo, more }));
    await sweep(one, names);
    await one.pass(60 * MINUTE);
    expect(writes(one)).toEqual([]);
    expect(trusts(one, meant)).toEqual(names);
  });

  it('takes nothing away that only their deployer has given, whom it was to follow', async () => {
    const more = { deployers: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/terraform'] };
    const one = await aScene(aSpec({ names, more }), names);
    for (const name of names) await one.happen(attach('SecurityAudit', sessionOf('terraform', 'x'), name));
    const attached = ['ReadOnlyAccess', 'PowerUserAccess'].map(managed);
    one.redeploy(aSpec({ names, attached, more }));
    await sweep(one, names);
    await one.pass(60 * MINUTE);
    await sweep(one, names);
    expect(writes(one)).toEqual([]);
    expect(heldBy(one).at(-1)).toEqual(['blastRadius', 'blastRadius']);
  });

  it('is not cleared by whoever touches the roles without having made what differs', async () => {
    const one = await scene(aSpec({ names, trustPolicy: typo }));
    onTestFinished(async () => one.close());
    for (const name of names) createAsDeclared(one, name);
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    for (const roleName of names)
      await one.happen(anIamEvent('TagRole', { roleName, tags: [{ key: 'team', value: 'x' }] }));
    await one.pass(60 * MINUTE);
    expect(trusts(one, trustsEc2)).toEqual(names);
    expect(heldBy(one)).toEqual([['blastRadius']]);
  });

  it('writes nothing to roles that nobody knows either', async () => {
    const patterns = ['role-*', 'app'];
    const one = await aScene(aSpec({ names: patterns }), ['app']);
    one.clock.advance(MINUTE);
    for (const roleName of names) {
      createAsDeclared(one, roleName);
      await one.deliver(
        anIamEvent('CreateRole', { roleName, assumeRolePolicyDocument: JSON.stringify(trustsEc2) }),
      );
    }
    await sweep(one, names);
    one.redeploy(aSpec({ names: patterns, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    expect(trusts(one, trustsEc2)).toEqual(names);
    expect(heldBy(one)).toEqual([['blastRadius']]);
  });

  it('is told once, though what would be done is another thing for each of them', async () => {
    const spec = (prefix: string) =>
      JSON.stringify({
        version: 1,
        defaults: { mode: 'enforce' },
        roles: names.map((name) => ({ name, tags: { [`${prefix}-${name}`]: 'x' } })),
      });
    const one = await scene(spec('team'));
    onTestFinished(async () => one.close());
    for (const roleName of names)
      one.account.createRole({ roleName, trustPolicy: trustsEc2, tags: { [`team-${roleName}`]: 'x' } });
    await sweep(one, names);
    one.redeploy(spec('tema'));
    await sweep(one, names);
    await watch(one, DAY);
    expect(writes(one)).toEqual([]);
    expect(heldBy(one)).toEqual([['blastRadius']]);
    expect(told(one)[0]?.nextSteps.join()).toContain('set the tag tema-role-30: role-30');
  });

  it('is told once, though people know of something on each role that the spec leaves as it is', async () => {
    const one = await aScene(aSpec({ names, unlisted: 'report' }), names);
    for (const name of names) await one.happen(attach('SecurityAudit', {}, name));
    one.reports.splice(0);
    one.redeploy(aSpec({ names, unlisted: 'report', trustPolicy: typo }));
    await sweep(one, names);
    await watch(one, DAY);
    expect(told(one)).toMatchObject([{ changes: [{ heldBy: 'blastRadius' }, { heldBy: 'spec' }] }]);
  });
});

describe('a door that is opened while the spec is the suspect', () => {
  it('is closed, though no more than three in an hour: many are a release, which the spec was to follow', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: trustingAccount('444455556666') }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    for (const name of names)
      await one.happen(putTrust(trustingAccount('222233334444'), sessionOf('terraform', 'x'), name));
    await one.pass(30 * MINUTE);
    expect(trusts(one, trustingAccount('444455556666'))).toEqual(names.slice(0, 3));
    expect(trusts(one, trustingAccount('222233334444'))).toEqual(names.slice(3));
  });

  it('is closed within an hour, whatever was closed before it', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: typo }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    one.reports.splice(0);
    for (const name of ['role-1', 'role-2', 'role-3', 'role-4', 'role-5'])
      await one.happen(putTrust(backdoor, mallory, name));
    expect(trusts(one, backdoor)).toEqual(['role-4', 'role-5']);
    const held = told(one).at(-1);
    expect(held).toMatchObject({ severity: 'critical', changes: [{ heldBy: 'blastRadius' }] });
    expect(held?.changes[0]?.dueAt).not.toBeNull();
    await one.pass(61 * MINUTE);
    expect(trusts(one, backdoor)).toEqual([]);
  });

  it('is seen by what there was before, though the spec has always left something else of the role as it is', async () => {
    const spec = (trustPolicy: JsonObject) => aSpec({ names, unlisted: 'report', trustPolicy });
    const one = await scene(spec(trustsEc2));
    onTestFinished(async () => one.close());
    for (const roleName of names)
      one.account.createRole({
        roleName,
        trustPolicy: trustsEc2,
        managedPolicies: [managed('ReadOnlyAccess'), managed('SecurityAudit')],
      });
    await sweep(one, names);
    one.redeploy(spec(typo));
    await one.happen(putTrust(backdoor, mallory, 'role-7'));
    expect(trusts(one, backdoor)).toEqual([]);
  });

  it.each(['told by its event', 'found by a sweep'])(
    'in an aspect that is only watched is told beside what is held, %s',
    async (how) => {
      const spec = (attached: readonly string[]) =>
        aSpec({ names, attached: attached.map(managed), more: { modes: { trustPolicy: 'detect' } } });
      const one = await aScene(spec(['ReadOnlyAccess']), names);
      one.redeploy(spec(['ReadOnlyAccess', 'SecurityAudit']));
      await sweep(one, names);
      await one.pass(2 * MINUTE);
      if (how === 'told by its event') await one.happen(putTrust(backdoor, mallory, 'role-7'));
      else
        one.account.apply({
          eventName: 'UpdateAssumeRolePolicy',
          requestParameters: { roleName: 'role-7', policyDocument: JSON.stringify(backdoor) },
        });
      await watch(one, DAY);
      const critical = told(one).filter(({ severity }) => severity === 'critical');
      expect(critical.map(({ role }) => role.roleName)).toEqual(['role-7']);
      expect(told(one)).toHaveLength(2);
    },
  );

  it('on a role that no sweep has reached yet is told, though one report has told of all', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(
      aSpec({ names, trustPolicy: typo, attached: [managed('ReadOnlyAccess'), managed('SecurityAudit')] }),
    );
    await sweep(one, names.slice(0, 29));
    await one.pass(20 * MINUTE);
    one.reports.splice(0);
    await one.happen(attach('PowerUserAccess', mallory, 'role-30'));
    await watch(one, DAY);
    expect(told(one)).toMatchObject([{ role: { roleName: 'role-30' }, severity: 'high' }]);
  });
});

describe('a new spec, in what it finds nothing wrong with the roles as they were', () => {
  it('keeps no door open: all that are opened before its sweep are closed at once', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, trustPolicy: { ...trustsEc2, Id: 'v2' } }));
    for (const name of names) await one.happen(putTrust(backdoor, mallory, name));
    expect(trusts(one, backdoor)).toEqual([]);
  });

  it('nor, though it is wrong about others, a policy that somebody attaches, be it forbidden or not', async () => {
    const one = await aScene(aSpec({ names }), names);
    one.redeploy(aSpec({ names, attached: [managed('SecurityAudit')] }));
    await sweep(one, names);
    await one.pass(20 * MINUTE);
    for (const name of names) {
      await one.happen(attach('PowerUserAccess', mallory, name));
      await one.happen(attach('AdministratorAccess', mallory, name));
    }
    for (const name of names)
      expect(one.account.role(name)?.managedPolicies).toEqual([managed('ReadOnlyAccess')]);
  });
});

it('what was held for a while and is held for good from now on is told again, with what ends it', async () => {
  const one = await aScene(aSpec({ names }), names);
  one.redeploy(aSpec({ names, attached: [managed('ReadOnlyAccess'), managed('SecurityAudit')] }));
  for (const name of names) await one.happen(putTrust(backdoor, mallory, name));
  expect(trusts(one, backdoor)).toEqual([]);
  one.reports.splice(0);
  await watch(one, DAY);
  expect(told(one)).toMatchObject([{ changes: [{ heldBy: 'blastRadius', dueAt: null }] }]);
  expect(told(one)[0]?.nextSteps.join()).toContain('iam-drift resume');
});
