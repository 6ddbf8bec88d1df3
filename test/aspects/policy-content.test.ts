import { afterEach, describe, expect, it } from 'vitest';

import { managedPolicies } from '../../shared/aspects/managed-policies.ts';
import type { Json, JsonObject } from '../../shared/model.ts';
import { describeAspect, type Tampering } from '../support/aspect-contract.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling, inTurn } from './tampering.ts';

const policyArn = 'arn:aws:iam::111122223333:policy/team/orders';
const allow = (Action: Json, Resource: Json = '*'): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});
const declared = allow(['s3:GetObject', 's3:ListBucket']);
const text = (document: JsonObject) => JSON.stringify(document);

const isThere: Tampering = (account) => {
  account.createPolicy({ arn: policyArn, document: declared });
};
const attach = calling('AttachRolePolicy', { policyArn });
const detach = calling('DetachRolePolicy', { policyArn });
const deletePolicy = calling('DeletePolicy', { policyArn });
const createPolicy = (document: JsonObject) =>
  calling('CreatePolicy', { policyName: 'orders', path: '/team/', policyDocument: text(document) });
const put = (document: JsonObject) =>
  calling('CreatePolicyVersion', { policyArn, policyDocument: text(document), setAsDefault: true });
const add = (document: JsonObject) =>
  calling('CreatePolicyVersion', { policyArn, policyDocument: text(document) });
const remove = (versionId: string) => calling('DeletePolicyVersion', { policyArn, versionId });
const makeDefault = (versionId: string) => calling('SetDefaultPolicyVersion', { policyArn, versionId });

describeAspect(managedPolicies, {
  declared: [{ arn: policyArn, document: declared }],
  inSync: inTurn(isThere, attach),
  drifted: {
    'a wider version': put(allow('s3:*')),
    'a narrower version': put(allow('s3:GetObject')),
    'a wider version, and the good one deleted': inTurn(put(allow('s3:*')), remove('v1')),
    'five versions, none of them good': inTurn(
      ...['s3:A*', 's3:B*', 's3:C*', 's3:D*'].map((action) => add(allow(action))),
      makeDefault('v2'),
      remove('v1'),
      put(allow('s3:*')),
    ),
    'the policy detached': detach,
    'the policy deleted': deletePolicy,
    'deleted and created again with other content': inTurn(deletePolicy, createPolicy(allow('iam:*'))),
  },
  equivalents: {
    'a new version that means the same': put(allow(['s3:listbucket', 's3:GetObject', 's3:getobject'])),
    'a version beside the default one': add(allow('iam:*')),
  },
});

const trustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function rolesThatUseIt(...names: readonly string[]): Promise<Scene> {
  const roles = names.map((name) => ({ name, managedPolicies: [{ arn: policyArn, document: declared }] }));
  const one = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  scenes.push(one);
  isThere(one.account);
  for (const roleName of names)
    one.account.createRole({ roleName, trustPolicy, managedPolicies: [policyArn] });
  return one;
}

const widened = () =>
  anIamEvent('CreatePolicyVersion', {
    policyArn,
    policyDocument: text(allow('s3:*')),
    setAsDefault: true,
  });
const writes = ({ account }: Scene) =>
  account.calls.filter(({ operation }) => !/^(Get|List)/.test(operation)).map(({ operation }) => operation);

describe('the content of a policy', () => {
  it('is read in two rounds, and nothing more while it is as declared', async () => {
    const one = await rolesThatUseIt('app');
    await one.deliver(anIamEvent('SetDefaultPolicyVersion', { policyArn, versionId: 'v1' }));
    expect(one.account.calls.map(({ operation }) => operation).sort()).toEqual([
      'GetPolicyVersion',
      'GetRole',
      'ListAttachedRolePolicies',
      'ListPolicyVersions',
    ]);
  });

  it('widened: the good version is the default again by one call, and the access gained is told', async () => {
    const one = await rolesThatUseIt('app');
    await one.happen(widened());
    expect(writes(one)).toEqual(['SetDefaultPolicyVersion']);
    expect(one.reports).toMatchObject([
      {
        role: { roleName: 'app' },
        outcome: 'remediated',
        verified: true,
        severity: 'high',
        drift: { differences: [{ path: `managedPolicies[${policyArn}].document`, type: 'NOT_EQUAL' }] },
        changes: [{ action: 'iam:SetDefaultPolicyVersion', effect: 'closes' }],
      },
    ]);
    expect(one.reports[0]?.drift.differences[0]?.access.gained).not.toEqual([]);
  });

  it('of one policy on several roles is put back once', async () => {
    const one = await rolesThatUseIt('app', 'batch', 'cron');
    await one.happen(widened());
    expect(writes(one)).toEqual(['SetDefaultPolicyVersion']);
    expect(one.reports.map(({ role, outcome }) => `${role.roleName} ${outcome}`).sort()).toEqual([
      'app remediated',
      'batch in-sync',
      'cron in-sync',
    ]);
  });

  it('at the limit of versions, the one that goes is written down before it goes', async () => {
    const one = await rolesThatUseIt('app');
    inTurn(
      ...['s3:A*', 's3:B*', 's3:C*'].map((action) => add(allow(action))),
      makeDefault('v2'),
      remove('v1'),
      add(allow('s3:D*')),
    )(one.account);
    await one.happen(widened());
    expect(writes(one)).toEqual(['DeletePolicyVersion', 'CreatePolicyVersion']);
    const [incident] = one.ledger.incidents();
    expect(incident?.before).toMatchObject({
      managedPolicies: {
        contents: [{ versions: [{ versionId: 'v2', document: allow('s3:A*') }, {}, {}, {}, {}] }],
      },
    });
    expect(incident?.plan).toMatchObject([
      { action: 'iam:CreatePolicyVersion', input: { after: { VersionId: 'v2' } } },
    ]);
  });

  it('is held, with the list, while others use the policy who are not declared', async () => {
    const one = await rolesThatUseIt('app', 'batch');
    one.account.createRole({ roleName: 'stranger', trustPolicy, managedPolicies: [policyArn] });
    one.account.createRole({ roleName: 'bounded', trustPolicy, permissionsBoundary: policyArn });
    await one.happen(widened());
    expect(writes(one)).toEqual([]);
    expect(one.reports[0]).toMatchObject({
      outcome: 'held',
      changes: [
        {
          outcome: 'held',
          heldBy: 'ownership',
          reason: 'orders is also used by role bounded, role stranger, which the spec does not declare',
        },
      ],
    });
    expect(one.reports[0]?.nextSteps.join('\n')).toContain('Declare all that use orders');
  });

  it('that was as declared is closed all the same: whoever attaches the policy to a role of his keeps no door open', async () => {
    const one = await rolesThatUseIt('app');
    await one.deliver(anIamEvent('TagRole', { roleName: 'app', tags: [] }));
    one.account.createRole({ roleName: 'mallory', trustPolicy, managedPolicies: [policyArn] });
    await one.happen(widened());
    expect(writes(one)).toEqual(['SetDefaultPolicyVersion']);
    expect(one.reports.at(-1)).toMatchObject({ outcome: 'remediated', severity: 'high' });
  });

  it('that was as declared, and allows others less by now, is theirs to change', async () => {
    const one = await rolesThatUseIt('app');
    await one.deliver(anIamEvent('TagRole', { roleName: 'app', tags: [] }));
    one.account.createRole({ roleName: 'other', trustPolicy, managedPolicies: [policyArn] });
    await one.happen(
      anIamEvent('CreatePolicyVersion', {
        policyArn,
        policyDocument: text({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
        }),
        setAsDefault: true,
      }),
    );
    expect(writes(one)).toEqual([]);
    expect(one.reports.at(-1)).toMatchObject({ outcome: 'held', changes: [{ heldBy: 'ownership' }] });
  });

  it('that was taken from the role, and allows others less by now, is not widened for it', async () => {
    const one = await rolesThatUseIt('app');
    await one.deliver(anIamEvent('TagRole', { roleName: 'app', tags: [] }));
    one.account.createRole({ roleName: 'other', trustPolicy, managedPolicies: [policyArn] });
    await one.happen(
      anIamEvent('DetachRolePolicy', { roleName: 'app', policyArn }),
      anIamEvent('CreatePolicyVersion', {
        policyArn,
        policyDocument: text(allow('s3:GetObject')),
        setAsDefault: true,
      }),
    );
    expect(writes(one)).toEqual([]);
    expect(one.reports.at(-1)).toMatchObject({
      changes: [{ heldBy: 'ownership' }, { action: 'iam:AttachRolePolicy', heldBy: 'closeFirst' }],
    });
  });

  it('that is not as declared keeps the policy from being attached while it cannot be put right', async () => {
    const one = await rolesThatUseIt('app');
    inTurn(detach, deletePolicy, createPolicy(allow('iam:*')))(one.account);
    one.account.createRole({ roleName: 'stranger', trustPolicy, managedPolicies: [policyArn] });
    await one.deliver(anIamEvent('DetachRolePolicy', { roleName: 'app', policyArn }));
    expect(writes(one)).toEqual([]);
    expect(one.reports[0]).toMatchObject({
      changes: [{ heldBy: 'ownership' }, { action: 'iam:AttachRolePolicy', heldBy: 'closeFirst' }],
    });
  });

  it('of a policy of AWS cannot be declared, nor one that IAM would refuse', () => {
    const faults = managedPolicies.faults([
      { arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', document: declared },
      { arn: policyArn, document: trustPolicy },
    ]);
    expect(faults.map(({ path }) => path.slice(0, 2))).toEqual(
      expect.arrayContaining([
        [0, 'document'],
        [1, 'document'],
      ]),
    );
  });

  it('may be written for that policy alone', () => {
    expect(managedPolicies.grants([{ arn: policyArn, document: declared }])).toContainEqual({
      actions: [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicyVersion',
        'iam:SetDefaultPolicyVersion',
      ],
      resources: [policyArn],
    });
  });
});
