import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, scene, type Scene } from '../support/scene.ts';

const containment = `arn:aws:iam::${ACCOUNT_ID}:policy/security/containment`;
const statement = (Effect: string): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action: '*', Resource: '*' }],
});
const trustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const specOf = (...roles: readonly JsonObject[]) =>
  JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles });
const detaching = { attached: [], unlisted: 'detach' };
const declaring = { attached: [{ arn: containment, document: statement('Deny') }] };

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** Roles that have the policy attached while it only denies, seen once so, as after a resync. */
async function contained(spec: string, ...roleNames: readonly string[]): Promise<Scene> {
  const one = await scene(spec);
  scenes.push(one);
  one.account.createPolicy({ arn: containment, document: statement('Deny') });
  for (const roleName of roleNames)
    one.account.createRole({ roleName, trustPolicy, managedPolicies: [containment] });
  return one;
}

const attach = (roleName: string) => anIamEvent('AttachRolePolicy', { roleName, policyArn: containment });
const widen = (overrides: JsonObject = {}) =>
  anIamEvent(
    'CreatePolicyVersion',
    { policyArn: containment, policyDocument: JSON.stringify(statement('Allow')), setAsDefault: true },
    overrides,
  );
const attached = ({ account }: Scene, roleName: string) => account.role(roleName)?.managedPolicies;
const operations = ({ account }: Scene) => account.calls.map(({ operation }) => operation);
const questions = (one: Scene) => operations(one).filter((name) => name === 'ListEntitiesForPolicy').length;
const rolesOf = ({ reports }: Scene) => reports.map(({ role }) => role.roleName);

describe('a containment that is made to allow everything', () => {
  it.each(['app', 'a*'])('is detached at once from a role that the spec declares as %s', async (name) => {
    const one = await contained(specOf({ name, managedPolicies: detaching }));
    one.account.createRole({ roleName: 'app', trustPolicy });
    await one.happen(attach('app'));
    expect(attached(one, 'app')).toEqual([containment]);
    expect(one.reports).toMatchObject([{ outcome: 'detected', changes: [{ heldBy: 'spec' }] }]);
    one.clock.advance(60_000);
    expect(await one.happen(widen())).toEqual([]);
    expect(attached(one, 'app')).toEqual([]);
    expect(one.reports.slice(1)).toMatchObject([
      {
        outcome: 'remediated',
        role: { roleName: 'app' },
        causes: [{ eventName: 'CreatePolicyVersion', actor: { userName: 'alice' } }],
        changes: [{ action: 'iam:DetachRolePolicy', outcome: 'applied' }],
      },
    ]);
  });

  it('is detached, too, when a version that is there already is made the default one', async () => {
    const one = await contained(specOf({ name: 'app', managedPolicies: detaching }), 'app');
    await one.happen(
      anIamEvent('CreatePolicyVersion', {
        policyArn: containment,
        policyDocument: JSON.stringify(statement('Allow')),
      }),
    );
    expect(attached(one, 'app')).toEqual([containment]);
    await one.happen(anIamEvent('SetDefaultPolicyVersion', { policyArn: containment, versionId: 'v2' }));
    expect(attached(one, 'app')).toEqual([]);
  });

  it('is detached from the declared roles, and nobody looks at the others', async () => {
    const one = await contained(
      specOf({ name: 'app', managedPolicies: detaching }, { name: 'w*', managedPolicies: detaching }),
      'app',
      'web',
      'worker',
      'stranger',
    );
    await one.happen(widen());
    expect(rolesOf(one).sort()).toEqual(['app', 'web', 'worker']);
    expect(attached(one, 'worker')).toEqual([]);
    expect(attached(one, 'stranger')).toEqual([containment]);
  });

  it('is detached from all of many roles, each by a message of its own where they are too many for one', async () => {
    const names = Array.from({ length: 130 }, (_, n) => `app-${n}`);
    const one = await contained(specOf({ name: 'app-*', managedPolicies: detaching }), ...names);
    await one.happen(widen());
    // Two pages of a hundred.
    expect(questions(one)).toBe(2);
    expect(one.reports).toHaveLength(5);
    expect(one.rechecks).toHaveLength(125);
    expect(new Set([...rolesOf(one), ...one.rechecks.map(({ request }) => request.role.roleName)]).size).toBe(
      130,
    );
    expect(one.rechecks.every(({ request }) => request.causes.length === 1)).toBe(true);
  });
});

describe('a declared policy that is changed in place', () => {
  it('is put back where only a pattern declares it', async () => {
    const one = await contained(specOf({ name: 'a*', managedPolicies: declaring }), 'app');
    await one.happen(widen());
    expect(one.reports).toMatchObject([
      {
        outcome: 'remediated',
        role: { roleName: 'app' },
        changes: [{ action: 'iam:SetDefaultPolicyVersion', outcome: 'applied' }],
      },
    ]);
  });

  it('costs no question where every role that declares it is named', async () => {
    const one = await contained(
      specOf({ name: 'app', managedPolicies: { ...declaring, unlisted: 'detach' } }),
      'app',
    );
    await one.happen(widen());
    expect(one.reports).toMatchObject([{ outcome: 'remediated' }]);
    // The one is for whom else the revert would reach.
    expect(questions(one)).toBe(1);
  });
});

describe('the cost of the question', () => {
  it('is one call where no declared role has the policy, and wakes nobody', async () => {
    const one = await contained(specOf({ name: 'app', managedPolicies: detaching }), 'stranger');
    one.account.createRole({ roleName: 'app', trustPolicy });
    await one.happen(widen());
    expect(operations(one)).toEqual(['ListEntitiesForPolicy']);
    expect(one.reports).toEqual([]);
  });

  it('is one call where the policy only bounds a declared role: what a boundary says is not declared', async () => {
    const one = await contained(specOf({ name: 'app', managedPolicies: detaching }));
    one.account.createRole({ roleName: 'app', trustPolicy, permissionsBoundary: containment });
    await one.happen(widen());
    expect(operations(one)).toEqual(['ListEntitiesForPolicy']);
  });

  it('is one call for all events of a batch that name the policy', async () => {
    const one = await contained(specOf({ name: 'app', managedPolicies: detaching }), 'app');
    await one.happen(
      widen(),
      anIamEvent('SetDefaultPolicyVersion', { policyArn: containment, versionId: 'v1' }),
      anIamEvent('SetDefaultPolicyVersion', { policyArn: containment, versionId: 'v2' }),
    );
    expect(questions(one)).toBe(1);
    expect(one.reports).toMatchObject([{ outcome: 'remediated', causes: [{}, {}, {}] }]);
  });

  it.each([
    ['unlisted policies are only reported', { attached: [], unlisted: 'report' }],
    ['the policy is allowed, whatever it says', { ...detaching, allowed: [containment] }],
    ['the policy must not be there anyway', { ...detaching, forbidden: [containment] }],
  ])('is nothing where %s', async (_, managedPolicies) => {
    const one = await contained(specOf({ name: 'a*', managedPolicies }), 'app');
    await one.happen(widen());
    expect(operations(one)).toEqual([]);
  });

  it('is nothing for what cannot widen a policy', async () => {
    const one = await contained(specOf({ name: 'a*', managedPolicies: detaching }), 'app');
    await one.happen(
      widen(),
      anIamEvent('DeletePolicyVersion', { policyArn: containment, versionId: 'v1' }),
      anIamEvent('TagPolicy', { policyArn: containment, tags: [{ key: 'a', value: 'b' }] }),
    );
    expect(questions(one)).toBe(1);
  });

  it('is nothing for policies that belong to AWS or to another account', async () => {
    const one = await contained(specOf({ name: 'a*', managedPolicies: detaching }), 'app');
    const other = '999988887777';
    await one.deliver(
      widen({ recipientAccountId: other }),
      ...['aws', other].map((owner) =>
        anIamEvent('CreatePolicyVersion', { policyArn: `arn:aws:iam::${owner}:policy/containment` }),
      ),
      anIamEvent(
        'CreatePolicyVersion',
        { policyArn: `arn:aws:iam::${other}:policy/containment` },
        { recipientAccountId: other },
      ),
    );
    expect(operations(one)).toEqual([]);
    expect(one.reports).toEqual([]);
  });
});

describe('where the question is not answered', () => {
  const spec = specOf(
    { name: 'app', mode: 'detect', managedPolicies: declaring },
    { name: 'web', managedPolicies: detaching },
  );

  it('a policy that is gone is on no role', async () => {
    const one = await contained(spec);
    expect(
      await one.deliver(
        anIamEvent('SetDefaultPolicyVersion', {
          policyArn: `arn:aws:iam::${ACCOUNT_ID}:policy/gone`,
          versionId: 'v1',
        }),
      ),
    ).toEqual([]);
    expect(one.reports).toEqual([]);
  });

  it.each(['Throttling', 'AccessDenied'] as const)(
    'after %s the message is delivered again, and the roles that are known without it are looked at',
    async (error) => {
      const one = await contained(spec, 'web');
      one.account.createRole({ roleName: 'app', trustPolicy, managedPolicies: [containment] });
      one.account.inject({
        error,
        times: Infinity,
        // Not the reads of a role whose declared content has drifted.
        when: (input) => input['PolicyUsageFilter'] !== undefined,
      });
      expect(await one.happen(widen())).toEqual(['m0']);
      expect(rolesOf(one)).toEqual(['app']);
      expect(one.logs).toContainEqual(
        expect.objectContaining({ message: 'roles that have the policy could not be listed' }),
      );
      one.account.clearFaults();
      expect(await one.deliver(widen())).toEqual([]);
      expect(attached(one, 'web')).toEqual([]);
    },
  );
});

describe('where IAM still tells what was before', () => {
  const spec = specOf({ name: 'app', managedPolicies: detaching });

  it('a containment that reads as it was is not believed until it is read again', async () => {
    const one = await contained(spec, 'app');
    one.clock.advance(60_000);
    one.account.setStaleness(3000);
    await one.happen(widen({ eventTime: '2026-03-02T10:01:00Z' }));
    expect(one.reports).toMatchObject([{ outcome: 'detected' }]);
    await one.pass(15_000);
    expect(attached(one, 'app')).toEqual([]);
    await one.pass(60_000);
    expect(one.reports).toHaveLength(2);
  });

  it('a role that the answer does not know yet is found by the second look at its attachment', async () => {
    const one = await contained(spec);
    one.account.createRole({ roleName: 'app', trustPolicy });
    await one.happen(attach('app'));
    one.account.setStaleness(3000);
    one.clock.advance(1000);
    await one.happen(widen({ eventTime: '2026-03-02T10:00:01Z' }));
    expect(attached(one, 'app')).toEqual([containment]);
    await one.pass(15_000);
    expect(attached(one, 'app')).toEqual([]);
  });
});
