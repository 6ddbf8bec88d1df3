import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { JsonObject } from '../../shared/model.ts';
import { administratorAccess, grant, readOnlyAccess, trusting } from '../support/iam-contract.ts';
import { openAccount } from '../support/open-account.ts';

const trustPolicy = trusting({ Service: 'ec2.amazonaws.com' });
const done = { applied: true, refusal: null, modelled: true };

const record = z.object({
  eventName: z.string(),
  requestParameters: z.optional(z.nullable(z.record(z.string(), z.json()))),
});
const file = z.union([z.object({ Records: z.array(record) }), z.object({ detail: record }), record]);

function recordsIn(text: string): readonly z.infer<typeof record>[] {
  const parsed = z.parse(file, JSON.parse(text));
  if ('Records' in parsed) return parsed.Records;
  return 'detail' in parsed ? [parsed.detail] : [parsed];
}

async function accountWithApp() {
  const { account, client } = await openAccount();
  account.createRole({ roleName: 'app', trustPolicy, managedPolicies: [readOnlyAccess] });
  const apply = (eventName: string, requestParameters: JsonObject) =>
    account.apply({ eventName, requestParameters });
  return { account, client, apply };
}

describe('what a recorded event did', () => {
  it.each<[string, JsonObject, object]>([
    [
      'AttachRolePolicy',
      { policyArn: administratorAccess },
      { managedPolicies: [administratorAccess, readOnlyAccess] },
    ],
    ['DetachRolePolicy', { policyArn: readOnlyAccess }, { managedPolicies: [] }],
    [
      'UpdateAssumeRolePolicy',
      { policyDocument: JSON.stringify(trusting({ AWS: '193672423079' })) },
      { trustPolicy: trusting({ AWS: 'arn:aws:iam::193672423079:root' }) },
    ],
    ['UpdateRole', { maxSessionDuration: 7200 }, { maxSessionDuration: 7200 }],
    ['UpdateRoleDescription', { description: 'new' }, { description: 'new' }],
    ['TagRole', { tags: [{ key: 'a', value: 'b' }] }, { tags: { a: 'b' } }],
    [
      'PutRolePolicy',
      { policyName: 'p', policyDocument: JSON.stringify(grant('s3:*')) },
      { inlinePolicies: { p: grant('s3:*') } },
    ],
    [
      'PutRolePermissionsBoundary',
      { permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary' },
      { permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary' },
    ],
  ])('%s happens to the role, without a logged call', async (eventName, parameters, expected) => {
    const { account, apply } = await accountWithApp();
    expect(apply(eventName, { roleName: 'APP', ...parameters })).toEqual(done);
    expect(account.role('app')).toMatchObject(expected);
    expect(account.calls).toEqual([]);
  });

  it('creates and deletes a role', async () => {
    const { account, apply } = await accountWithApp();
    const created = apply('CreateRole', {
      roleName: 'New',
      path: '/x/',
      assumeRolePolicyDocument: JSON.stringify(trustPolicy),
      maxSessionDuration: 3600,
      tags: [{ key: 'team', value: 'a' }],
    });
    expect(created).toEqual(done);
    expect(account.role('new')).toMatchObject({ path: '/x/', tags: { team: 'a' }, trustPolicy });
    expect(apply('DeleteRole', { roleName: 'New' })).toEqual(done);
    expect(account.role('new')).toBeNull();
  });

  it('deletes a role whatever it held, for it could be deleted', async () => {
    const { account, apply } = await accountWithApp();
    apply('PutRolePolicy', {
      roleName: 'app',
      policyName: 'p',
      policyDocument: JSON.stringify(grant('s3:*')),
    });
    apply('AddRoleToInstanceProfile', { roleName: 'app', instanceProfileName: 'app' });
    expect(apply('DeleteRole', { roleName: 'APP' })).toEqual(done);
    expect(account.role('app')).toBeNull();
    expect(apply('DeleteInstanceProfile', { instanceProfileName: 'app' })).toEqual(done);
  });

  it('makes the policies and principals exist that the record names, for it succeeded', async () => {
    const { account, apply } = await accountWithApp();
    const policyArn = 'arn:aws:iam::123456789012:policy/team/unknown';
    const principals = ['arn:aws:iam::123456789012:user/eve', 'AROAEXAMPLEEXAMPLE123'];
    expect(apply('AttachRolePolicy', { roleName: 'app', policyArn })).toEqual(done);
    const policyDocument = JSON.stringify(trusting({ AWS: principals }));
    expect(apply('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument })).toEqual(done);
    expect(account.role('app')).toMatchObject({
      managedPolicies: [policyArn, readOnlyAccess],
      trustPolicy: trusting({ AWS: principals }),
    });
  });

  it('is not held to quotas, for they may be higher where it was recorded', async () => {
    const { account, apply } = await accountWithApp();
    const accounts = Array.from({ length: 80 }, (_, index) => String(100_000_000_000 + index));
    const policyDocument = JSON.stringify(trusting({ AWS: [...accounts, ...accounts] }));
    account.setQuota('PoliciesPerRole', 1);
    expect(apply('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument })).toEqual(done);
    expect(apply('AttachRolePolicy', { roleName: 'app', policyArn: administratorAccess })).toEqual(done);
  });

  it('changes versions of a policy that was not known before', async () => {
    const { apply } = await accountWithApp();
    const policyArn = 'arn:aws:iam::123456789012:policy/p';
    const policyDocument = JSON.stringify(grant('*'));
    expect(apply('CreatePolicyVersion', { policyArn, policyDocument, setAsDefault: true })).toEqual(done);
    expect(apply('SetDefaultPolicyVersion', { policyArn, versionId: 'v7' })).toEqual(done);
    expect(apply('DeletePolicyVersion', { policyArn, versionId: 'v2' })).toEqual(done);
  });

  it('does not make the role exist: the role is what it is about', async () => {
    const { account, client, apply } = await accountWithApp();
    const policyArn = 'arn:aws:iam::123456789012:policy/p';
    expect(apply('AttachRolePolicy', { roleName: 'nobody', policyArn })).toEqual({
      applied: false,
      refusal: 'The role with name nobody cannot be found.',
      modelled: true,
    });
    expect(account.roles().map(({ roleName }) => roleName)).toEqual(['app']);
    await expect(client.send(new GetPolicyCommand({ PolicyArn: policyArn }))).rejects.toThrow(
      'was not found',
    );
  });

  it('leaves the account as it was where IAM would refuse', async () => {
    const { account, apply } = await accountWithApp();
    const before = account.role('app');
    const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    expect(apply('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument })).toMatchObject({
      applied: false,
      modelled: true,
    });
    expect(apply('AttachRolePolicy', { roleName: 'app' })).toMatchObject({ applied: false });
    expect(account.role('app')).toEqual(before);
  });

  it.each(['GetRole', 'CreateServiceLinkedRole', 'ConsoleLogin', 'constructor'])(
    'says that %s is not modelled',
    async (eventName) => {
      const { apply } = await accountWithApp();
      expect(apply(eventName, { roleName: 'app' })).toEqual({
        applied: false,
        refusal: null,
        modelled: false,
      });
    },
  );

  const corpus = process.env['IAM_DRIFT_CORPUS'];
  describe.skipIf(corpus === undefined)('of a corpus of real records', () => {
    it('applies each or says why not, and never fails', async () => {
      const { account } = await openAccount();
      const folder = join(corpus ?? '', 'cloudtrail');
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.json'),
      );
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        for (const { eventName, requestParameters } of recordsIn(readFileSync(join(folder, name), 'utf8'))) {
          const applied = account.apply({ eventName, requestParameters: requestParameters ?? {} });
          expect(applied.applied).toBe(applied.modelled && applied.refusal === null);
        }
      }
    });
  });
});
