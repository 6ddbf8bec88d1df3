import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { type Aspect, defineAspect } from '../../shared/aspects/define.ts';
import type { WriteGrant } from '../../shared/aspects/definition.ts';
import { aspects } from '../../shared/aspects/index.ts';
import { InvalidSpecError } from '../../shared/errors.ts';
import { grantsOf } from '../../shared/permissions/grants.ts';
import { specOf } from '../spec/support.ts';

function anAspect(
  revert: readonly string[],
  grants?: readonly WriteGrant[],
  observe = ['iam:GetRole'],
): Aspect {
  return defineAspect<string, string>({
    name: 'trial',
    docs: { watched: 'this', neverReverted: 'that' },
    schema: z.string(),
    observed: z.string(),
    triggers: [],
    actions: { observe, revert },
    ...(grants === undefined ? {} : { grants: () => grants }),
    observe: notAsked,
    diff: notAsked,
    whenCreated: notAsked,
    declare: notAsked,
    revert: notAsked,
  });
}

function notAsked(): never {
  throw new Error('not asked here');
}

const role = (mode: 'enforce' | 'detect' = 'enforce') => ({
  name: 'app',
  path: '/',
  mode,
  aspects: { trial: { mode, declared: 'x' } },
  line: 1,
});
const only = (policy: string) => ({ ArnEquals: { 'iam:PolicyARN': [policy] } });

describe('grantsOf', () => {
  it('grants all writes of an aspect that says nothing else', () => {
    const { writes } = grantsOf(role(), [anAspect(['iam:TagRole', 'iam:UntagRole'])]);
    expect(writes).toEqual([
      { action: 'iam:TagRole', condition: null },
      { action: 'iam:UntagRole', condition: null },
    ]);
  });

  it('grants what an aspect narrows, and no more', () => {
    const condition = only('arn:aws:iam::aws:policy/One');
    const aspect = anAspect(
      ['iam:AttachRolePolicy', 'iam:TagRole'],
      [{ actions: ['iam:AttachRolePolicy'], condition }],
    );
    expect(grantsOf(role(), [aspect]).writes).toEqual([{ action: 'iam:AttachRolePolicy', condition }]);
  });

  it('grants no write to what is only watched', () => {
    expect(grantsOf(role('detect'), [anAspect(['iam:TagRole'])]).writes).toEqual([]);
  });

  it('reads whether the role exists, whatever is declared', () => {
    expect(grantsOf({ ...role(), aspects: {} }, []).roleReads).toEqual(['iam:GetRole']);
  });

  it.each([
    'iam:*',
    '*',
    'iam:DeleteRolePermissionsBoundary',
    'iam:DeleteRole',
    'iam:PassRole',
    'iam:AttachUserPolicy',
    'iam:CreateAccessKey',
    'iam:CreatePolicyVersion',
    's3:PutObject',
  ])('refuses an aspect that asks to call %s', (action) => {
    expect(() => grantsOf(role(), [anAspect([action])])).toThrow(action);
  });

  it.each(['iam:AttachRolePolicy', 'iam:PutRolePermissionsBoundary'])(
    'refuses %s without its limit',
    (action) => {
      expect(() => grantsOf(role(), [anAspect([action])])).toThrow(/without a condition on iam:P/);
      expect(() =>
        grantsOf(role(), [
          anAspect(
            [action],
            [{ actions: [action], condition: { StringEquals: { 'aws:RequestedRegion': ['x'] } } }],
          ),
        ]),
      ).toThrow(/without a condition on iam:P/);
    },
  );

  it('refuses a wildcard in what is meant as one policy', () => {
    const grants = [{ actions: ['iam:AttachRolePolicy'], condition: only('arn:aws:iam::aws:policy/*') }];
    expect(() => grantsOf(role(), [anAspect([], grants)])).toThrow(InvalidSpecError);
  });

  it('refuses reads of anything but roles and managed policies', () => {
    expect(() => grantsOf(role(), [anAspect([], [], ['iam:GetUser'])])).toThrow('iam:GetUser');
  });

  it('refuses an aspect that it does not know', () => {
    expect(() => grantsOf(role(), [])).toThrow('"trial", which is no known aspect');
  });
});

const profile = (end: string) => 'arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile/' + end;
const aspectOn = (resource: string, action = 'iam:AddRoleToInstanceProfile') =>
  anAspect([action], [{ actions: [action], resources: [resource] }]);

describe('grants on what is not the role', () => {
  it('are for one instance profile by its name', () => {
    for (const end of ['web', '*/web'])
      expect(grantsOf(role(), [aspectOn(profile(end))]).besideWrites).toEqual([
        { action: 'iam:AddRoleToInstanceProfile', resource: profile(end), condition: null },
      ]);
  });

  it.each(['*', profile('*'), profile('web*'), profile('*/*'), profile('*web'), 'arn:aws:iam::*:role/web'])(
    'are refused for %s',
    (resource) => {
      expect(() => grantsOf(role(), [aspectOn(resource)])).toThrow('cannot be granted');
    },
  );

  it('are refused for an action that is checked against the role', () => {
    expect(() => grantsOf(role(), [aspectOn(profile('web'), 'iam:PutRolePolicy')])).toThrow(
      'iam:PutRolePolicy',
    );
  });
});

const writesOf = (more: string) =>
  grantsOf(aRole(`name: app, preset: eks-node, ${more}`), aspects).writes.filter(
    ({ action }) => action === 'iam:CreateRole',
  );

describe('the permission to create a role', () => {
  const boundary = 'arn:aws:iam::111122223333:policy/bound';
  it('is granted where the spec says recreate, and only there', () => {
    expect(writesOf('mode: enforce, whenDeleted: recreate')).toEqual([
      { action: 'iam:CreateRole', condition: null },
    ]);
    expect(writesOf('mode: enforce')).toEqual([]);
    expect(writesOf('mode: detect, whenDeleted: recreate')).toEqual([]);
  });

  it('is for the declared boundary and no other', () => {
    expect(writesOf(`mode: enforce, whenDeleted: recreate, permissionsBoundary: "${boundary}"`)).toEqual([
      { action: 'iam:CreateRole', condition: { ArnEquals: { 'iam:PermissionsBoundary': [boundary] } } },
    ]);
  });
});

function aRole(entry: string) {
  const [declaration] = specOf(`{ version: 1, roles: [{ ${entry} }] }`).roles;
  if (declaration === undefined) throw new TypeError('the spec declares no role');
  return declaration;
}
