import { afterEach, describe, expect, it } from 'vitest';

import { inlinePolicies } from '../../shared/aspects/inline-policies.ts';
import type { Json, JsonObject } from '../../shared/model.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling, inTurn, nothing } from './tampering.ts';

const document = (...Statement: readonly JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const allow = (Action: Json, Resource: Json, more: JsonObject = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: Json, Resource: Json = '*') => ({ Effect: 'Deny', Action, Resource });

const put = (policyName: string, policy: JsonObject) =>
  calling('PutRolePolicy', { policyName, policyDocument: JSON.stringify(policy) });
const remove = (policyName: string) => calling('DeleteRolePolicy', { policyName });

const read = document(allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::b', 'arn:aws:s3:::b/*']));
const guard = document(deny('s3:DeleteBucket'));
const everything = document(allow('*', '*'));

describeAspect(inlinePolicies, {
  declared: { policies: { read, guard }, unlisted: 'delete' },
  inSync: inTurn(put('read', read), put('guard', guard)),
  cannotDeclare: ['another added, named like what every object has'],
  drifted: {
    'a declared one deleted': remove('read'),
    'a declared one that only denies deleted': remove('guard'),
    'a declared one widened': put('read', document(allow('s3:*', '*'))),
    'a declared one narrowed': put('read', document(allow('s3:GetObject', 'arn:aws:s3:::b/*'))),
    'another added': put('backdoor', everything),
    'another added, named like what every object has': inTurn(
      put('__proto__', everything),
      put('constructor', everything),
    ),
    'a name in other case is another policy': inTurn(remove('read'), put('READ', read)),
    'all of it at once': inTurn(
      remove('guard'),
      put('read', document(allow('s3:GetObject', '*'))),
      put('x', everything),
    ),
  },
  equivalents: {
    'order, lists and case': put(
      'read',
      document(
        allow('S3:getobject', ['arn:aws:s3:::b/*', 'arn:aws:s3:::b']),
        allow(['s3:ListBucket'], ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'], { Sid: 'List' }),
      ),
    ),
    'put once more': put('guard', guard),
  },
});

// A plain map reports what it does not list, and puts back what it lists.
describeAspect(inlinePolicies, {
  declared: { read },
  inSync: put('read', read),
  drifted: { 'a declared one deleted': remove('read') },
  equivalents: {},
});

describeAspect(inlinePolicies, {
  declared: { unlisted: 'ignore' },
  inSync: nothing,
  drifted: {},
  equivalents: { 'any policy': put('any', everything) },
});

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function anApp(declared: Json, present: Readonly<Record<string, Json>>): Promise<Scene> {
  const roles = [{ name: 'app', inlinePolicies: declared }];
  const one = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  scenes.push(one);
  const trustPolicy = document({
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
  one.account.createRole({ roleName: 'app', trustPolicy, inlinePolicies: present });
  await one.deliver(anIamEvent('PutRolePolicy', { roleName: 'app', policyName: 'x', policyDocument: '{}' }));
  return one;
}

describe('inline policies', () => {
  it('that nobody declared stay where the spec says no more, and what they give is told', async () => {
    const app = await anApp({ read }, { read, extra: everything });
    expect(app.account.role('app')?.inlinePolicies).toEqual({ read, extra: everything });
    expect(app.reports).toMatchObject([
      {
        outcome: 'detected',
        severity: 'high',
        drift: { differences: [{ path: 'inlinePolicies[extra]', type: 'ADD' }] },
        changes: [{ action: 'iam:DeleteRolePolicy', outcome: 'held', heldBy: 'spec' }],
      },
    ]);
    expect(app.reports[0]?.drift.differences[0]?.access.gained[0]?.text).toBe(
      'this role can now do every action on every resource',
    );
  });

  it('that only deny are somebody’s containment: never deleted, whatever the spec says', async () => {
    const app = await anApp({ unlisted: 'delete' }, { revoke: document(deny('*')), extra: read });
    expect(Object.keys(app.account.role('app')?.inlinePolicies ?? {})).toEqual(['revoke']);
    expect(app.reports).toMatchObject([{ outcome: 'partly-remediated', verified: true }]);
  });

  it('that only deny close when they come back', async () => {
    const app = await anApp({ guard, read }, { read: document(allow('s3:GetObject', 'arn:aws:s3:::b/*')) });
    expect(app.reports).toMatchObject([
      {
        changes: [
          { summary: 'put the declared inline policy guard back', effect: 'closes' },
          { summary: 'put the declared inline policy read back', effect: 'restores' },
        ],
      },
    ]);
  });

  it('a declared emptiness reports all there are', async () => {
    const app = await anApp({}, { read });
    expect(app.reports).toMatchObject([{ outcome: 'detected', drift: { differences: [{ type: 'ADD' }] } }]);
  });

  it('are read in two rounds: their names, then all documents at once', async () => {
    const app = await anApp({ read, guard }, { read, guard });
    expect(app.account.calls.map(({ operation }) => operation).sort()).toEqual([
      'GetRole',
      'GetRolePolicy',
      'GetRolePolicy',
      'ListRolePolicies',
    ]);
  });

  it('are all seen, however many pages they take', async () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`p${n}`, read]));
    const app = await anApp({ unlisted: 'delete' }, many);
    expect(app.account.role('app')?.inlinePolicies).toEqual({});
    expect(app.reports).toMatchObject([{ outcome: 'remediated', verified: true }]);
  });

  it('that cannot be read as a policy may grant anything', async () => {
    const app = await anApp({ read }, { read: 'no policy' });
    expect(app.account.role('app')?.inlinePolicies).toEqual({ read });
    expect(app.reports).toMatchObject([{ outcome: 'remediated', severity: 'high' }]);
  });
});

describe('what is declared of inline policies', () => {
  it('a plain map is the policies, even one named “policies”', () => {
    expect(inlinePolicies.merge({}, { policies: read })).toEqual({ policies: { policies: read } });
  });

  it('a role that only says what becomes of others keeps its preset’s policies', () => {
    expect(inlinePolicies.merge({ read }, { unlisted: 'delete' })).toEqual({
      policies: { read },
      unlisted: 'delete',
    });
  });

  it.each([
    [{ read: { Version: '2012-10-17' } }, ['read', 'Statement']],
    [{ policies: { read: document({ Effect: 'Allow', Action: 's3:*' }) } }, ['policies', 'read']],
    [{ 'a b': read }, ['a b']],
  ])('IAM would refuse %j', (declared, path) => {
    expect(inlinePolicies.faults(declared).map((fault) => fault.path.slice(0, path.length))).toContainEqual(
      path,
    );
  });

  it('IAM counts them together', () => {
    const long = document(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(6000)}`));
    expect(inlinePolicies.faults({ a: long, b: long })).toMatchObject([{ path: [] }]);
  });

  it('grants what it needs and no more', () => {
    expect(inlinePolicies.grants({ read })).toEqual([{ actions: ['iam:PutRolePolicy'] }]);
    expect(inlinePolicies.grants({ unlisted: 'delete' })).toEqual([{ actions: ['iam:DeleteRolePolicy'] }]);
    expect(inlinePolicies.grants({})).toEqual([]);
  });
});
