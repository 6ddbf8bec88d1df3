import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aspects } from '../../shared/aspects/index.ts';
import { remediatorStatements } from '../../shared/permissions/statements.ts';
import { findDeclaration } from '../../shared/spec/desired-role.ts';
import { isProtectedRoleName, protectedRoleNames } from '../../shared/spec/protected-roles.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import { type Call, isAllowed } from '../support/iam-evaluator.ts';
import { aRole, aSpec } from './a-spec.ts';

const account = {
  partition: 'aws',
  accountId: '111122223333',
  ownRoleNames: ['remediate-NodeInstanceRole'],
};
const awsPolicy = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const role = (end: string) => `arn:aws:iam::111122223333:role${end}`;
const on =
  (end: string) =>
  (action: string, policy?: string): Call => ({
    action: `iam:${action}`,
    resource: role(end),
    ...(policy === undefined ? {} : { context: { 'iam:PolicyARN': awsPolicy(policy) } }),
  });

// `${AWS::Partition}` and the like as a spec holds them.
const specPolicy = (name: string) => 'arn:${AWS::Partition}:iam::aws:policy/' + name;
const own = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/own';
const trustless = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const task = '/service-role/task';
const frozen = '/frozen-NodeInstanceRole';
const node = '/prod-NodeInstanceRole-1ABC';

const spec = aSpec(
  aRole('task', {
    path: '/service-role/',
    trust: 'enforce',
    managedPolicies: {
      attached: [specPolicy('One'), { oneOf: [specPolicy('Two'), specPolicy('Three')] }, { arn: own }],
      forbidden: [specPolicy('AdministratorAccess')],
      allowed: [specPolicy('Allowed')],
    },
  }),
  aRole('watched', { mode: 'detect', trust: 'detect', managedPolicies: [specPolicy('One')] }),
  aRole('sealed', { managedPolicies: { attached: [], unlisted: 'detach' } }),
  aRole('frozen-NodeInstanceRole', {
    trust: 'detect',
    managedPolicies: [specPolicy('Frozen')],
  }),
  aRole('*NodeInstanceRole*', {
    trust: 'enforce',
    managedPolicies: { attached: [specPolicy('Worker')], unlisted: 'detach' },
  }),
);

const needed: readonly Call[] = [
  ...[task, '/watched', '/sealed', frozen, node].flatMap((end) =>
    ['GetRole', 'ListAttachedRolePolicies'].map((action) => on(end)(action)),
  ),
  ...['GetPolicy', 'GetPolicyVersion'].flatMap((action) =>
    ['arn:aws:iam::111122223333:policy/team/own', awsPolicy('service-role/X')].map((resource) => ({
      action: `iam:${action}`,
      resource,
    })),
  ),
  { action: 'iam:ListEntitiesForPolicy', resource: 'arn:aws:iam::111122223333:policy/team/own' },
  on(task)('UpdateAssumeRolePolicy'),
  on(task)('AttachRolePolicy', 'One'),
  on(task)('AttachRolePolicy', 'Two'),
  on(task)('AttachRolePolicy', 'Three'),
  {
    ...on(task)('AttachRolePolicy'),
    context: { 'iam:PolicyARN': 'arn:aws:iam::111122223333:policy/own' },
  },
  on(task)('DetachRolePolicy', 'AdministratorAccess'),
  on('/sealed')('DetachRolePolicy', 'Anything'),
  on(frozen)('AttachRolePolicy', 'Frozen'),
  on(node)('UpdateAssumeRolePolicy'),
  on(node)('AttachRolePolicy', 'Worker'),
  on(node)('DetachRolePolicy', 'Anything'),
];

const wholeRoleWrites = [
  'CreateRole',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'PassRole',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'TagRole',
  'UntagRole',
  'UpdateRole',
  'UpdateRoleDescription',
];
const changes = (end: string): readonly Call[] => [
  on(end)('UpdateAssumeRolePolicy'),
  on(end)('AttachRolePolicy', 'Worker'),
  on(end)('AttachRolePolicy', 'One'),
  on(end)('DetachRolePolicy', 'One'),
  ...wholeRoleWrites.map((action) => on(end)(action)),
];

const forbidden: readonly Call[] = [
  // Roles that the spec does not name, or not at this path, or in this case, or in this account.
  ...['/other', '/task', '/service-role/task2', '/service-role/x/task', '/Sealed', '/service-role/'].flatMap(
    changes,
  ),
  ...['/NodeInstanceRole/administrator', '/team/prod-NodeInstanceRole-1ABC'].flatMap(changes),
  ...changes(task).map((call) => ({ ...call, resource: 'arn:aws:iam::999999999999:role/service-role/task' })),
  on('/other')('GetRole'),
  // What no role is put back by.
  ...[task, '/sealed', frozen, node].flatMap((end) => wholeRoleWrites.map((action) => on(end)(action))),
  // Roles and aspects that are only watched.
  ...changes('/watched'),
  on(frozen)('UpdateAssumeRolePolicy'),
  on(frozen)('AttachRolePolicy', 'Worker'),
  on(frozen)('DetachRolePolicy', 'Anything'),
  on('/sealed')('UpdateAssumeRolePolicy'),
  // Policies that the spec does not name.
  on(task)('AttachRolePolicy', 'AdministratorAccess'),
  on(task)('AttachRolePolicy', 'Allowed'),
  on(task)('AttachRolePolicy'),
  on(task)('DetachRolePolicy', 'One'),
  on(task)('DetachRolePolicy', 'Anything'),
  on(task)('DetachRolePolicy'),
  on(node)('AttachRolePolicy', 'AdministratorAccess'),
  on(node)('AttachRolePolicy', 'Frozen'),
  on('/sealed')('AttachRolePolicy', 'AdministratorAccess'),
  // Our own roles and those that are never managed, all of them within reach of the pattern.
  ...[
    '/remediate-NodeInstanceRole',
    '/service/remediate-NodeInstanceRole',
    '/IamDriftRemediator-NodeInstanceRole',
    '/cdk-NodeInstanceRole',
    '/stacksets-exec-NodeInstanceRole',
    '/aws-service-role/eks.amazonaws.com/AWSServiceRoleForNodeInstanceRole',
    '/aws-service-role/eks.amazonaws.com/NodeInstanceRole',
    '/aws-reserved/sso.amazonaws.com/AWSReservedSSO_NodeInstanceRole',
  ].flatMap(changes),
  // Everything else that IAM can do.
  ...[
    ['CreateUser', 'user/mallory'],
    ['AttachUserPolicy', 'user/mallory'],
    ['PutUserPolicy', 'user/mallory'],
    ['CreateLoginProfile', 'user/mallory'],
    ['CreateAccessKey', 'user/mallory'],
    ['UpdateAccessKey', 'user/mallory'],
    ['AddUserToGroup', 'group/admins'],
    ['AttachGroupPolicy', 'group/admins'],
    ['PutGroupPolicy', 'group/admins'],
    ['CreatePolicy', 'policy/own'],
    ['CreatePolicyVersion', 'policy/own'],
    ['SetDefaultPolicyVersion', 'policy/own'],
    ['DeletePolicyVersion', 'policy/own'],
    ['DeletePolicy', 'policy/own'],
    ['AddRoleToInstanceProfile', 'instance-profile/task'],
    ['CreateInstanceProfile', 'instance-profile/task'],
    ['CreateServiceLinkedRole', 'role/aws-service-role/x'],
    ['UpdateSAMLProvider', 'saml-provider/idp'],
    ['CreateOpenIDConnectProvider', 'oidc-provider/idp'],
    ['DeactivateMFADevice', 'mfa/mallory'],
  ].map(([action, end]) => ({ action: `iam:${action}`, resource: `arn:aws:iam::111122223333:${end}` })),
  { action: 'iam:ListEntitiesForPolicy', resource: awsPolicy('ReadOnlyAccess') },
  { action: 'iam:ListRoles', resource: '*' },
  { action: 'iam:UpdateAccountPasswordPolicy', resource: '*' },
  { action: 'sts:AssumeRole', resource: role(task) },
  { action: 'organizations:DeletePolicy', resource: '*' },
];

describe('remediatorStatements', () => {
  const statements = remediatorStatements(spec, aspects, account);
  it.each(needed.map((call) => [nameOf(call), call] as const))('allows %s', (_, call) => {
    expect(isAllowed(statements, call)).toBe(true);
  });

  it.each(forbidden.map((call) => [nameOf(call), call] as const))('denies %s', (_, call) => {
    expect(isAllowed(statements, call)).toBe(false);
  });

  it.each(statements.map(({ Sid }) => Sid))('has no statement too many: without %s it fails', (sid) => {
    const others = statements.filter(({ Sid }) => Sid !== sid);
    const isRight =
      needed.every((call) => isAllowed(others, call)) && !forbidden.some((call) => isAllowed(others, call));
    expect(isRight).toBe(false);
  });

  it('has no resource too many in what it allows', () => {
    for (const statement of statements.filter(({ Effect }) => Effect === 'Allow'))
      // The frozen role is within reach of the pattern, too; it is named so that it does not depend on it.
      for (const resource of statement.Resource.filter((one) => one !== role(frozen))) {
        const less = statements.map((one) =>
          one === statement ? { ...one, Resource: one.Resource.filter((other) => other !== resource) } : one,
        );
        expect(needed.every((call) => isAllowed(less, call))).toBe(false);
      }
  });

  it('names every action and every kind of resource in full', () => {
    for (const { Action, Resource } of statements) {
      for (const action of Action) expect(action).toMatch(/^iam:[A-Z][A-Za-z]+$/);
      for (const resource of Resource)
        expect(resource).toMatch(/^arn:aws:iam::(111122223333:(role|policy)|aws:policy)\/./);
    }
  });

  it('gives each statement a name of its own that IAM takes', () => {
    const sids = statements.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
  });

  it('joins roles alike into one statement', () => {
    const alike = Array.from({ length: 50 }, (_, n) =>
      aRole(`task-${n}`, { trust: 'enforce', managedPolicies: [specPolicy('One')] }),
    );
    const writes = remediatorStatements(aSpec(...alike), aspects, account).filter(({ Sid }) =>
      Sid.startsWith('Write'),
    );
    // One for trust policies, one for the attachment.
    expect(writes.map(({ Resource }) => Resource.length)).toEqual([50, 50]);
  });

  it('writes nothing where nothing is enforced', () => {
    const watched = aRole('*', { mode: 'detect', trust: 'detect', managedPolicies: [specPolicy('One')] });
    const allowed = remediatorStatements(aSpec(watched), aspects, account).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(allowed.map(({ Sid }) => Sid)).toEqual(['ReadRoles', 'ReadPolicies']);
  });

  it('reads no policies where no role declares any', () => {
    const statementsOfTrust = remediatorStatements(aSpec(aRole('a', { trust: 'enforce' })), aspects, account);
    expect(statementsOfTrust.map(({ Sid }) => Sid)).toEqual(['NeverTheseRoles', 'ReadRoles', 'WriteRoles']);
  });

  it.each([
    ['all of the account’s own where unlisted ones are detached', { attached: [], unlisted: 'detach' }, '*'],
    ['those whose content is declared', [{ arn: own, document: trustless }], 'own'],
  ])('asks who has a policy attached: %s', (_, policies, end) => {
    for (const mode of ['enforce', 'detect'] as const) {
      const one = aSpec(aRole('a', { mode, managedPolicies: policies }));
      const asking = remediatorStatements(one, aspects, account).filter(({ Action }) =>
        Action.includes('iam:ListEntitiesForPolicy'),
      );
      expect(asking).toEqual([
        {
          Sid: 'ReadBesideRoles',
          Effect: 'Allow',
          Action: ['iam:ListEntitiesForPolicy'],
          Resource: [`arn:aws:iam::111122223333:policy/${end}`],
        },
      ]);
    }
  });

  it('asks who has a policy attached of none where the answer would change nothing', () => {
    const watched = aRole('*', { managedPolicies: { attached: [specPolicy('One')], unlisted: 'report' } });
    const text = JSON.stringify(remediatorStatements(aSpec(watched), aspects, account));
    expect(text).not.toContain('ListEntitiesForPolicy');
  });

  it('takes tokens for account and partition', () => {
    const tokens = { ...account, partition: '${AWS::Partition}', accountId: '${AWS::AccountId}' };
    const text = JSON.stringify(remediatorStatements(spec, aspects, tokens));
    expect(text).toContain('"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/service-role/task"');
    expect(text).toContain('"arn:${AWS::Partition}:iam::aws:policy/One"');
    expect(text).not.toContain('arn:aws:');
  });

  it('denies its own and the protected roles even what other policies of the function would allow', () => {
    const administrator = { Sid: 'All', Effect: 'Allow', Action: ['*'], Resource: ['*'] } as const;
    for (const end of [
      '/remediate-NodeInstanceRole',
      '/any/path/remediate-NodeInstanceRole',
      '/any/path/cdk-deploy',
      '/aws-service-role/any',
      '/aws-reserved/any',
    ])
      for (const call of changes(end)) expect(isAllowed([...statements, administrator], call)).toBe(false);
    expect(isAllowed([...statements, administrator], on('/other')('PassRole'))).toBe(true);
  });

  it('takes nothing from a role at a deeper path that a wildcard reaches by its path', () => {
    const roles = aSpec(
      aRole('a*', { trust: 'detect' }),
      aRole('*', { trust: 'enforce' }),
      aRole('*b', { path: '/a/', trust: 'enforce' }),
    );
    const all = remediatorStatements(roles, aspects, account);
    expect(isAllowed(all, on('/a/b')('UpdateAssumeRolePolicy'))).toBe(true);
    expect(isAllowed(all, on('/b')('UpdateAssumeRolePolicy'))).toBe(true);
  });

  it('denies every role that spec/protected-roles.ts protects', () => {
    const everything = aSpec(
      aRole('*', { trust: 'enforce' }),
      aRole('?*', { path: '/any/', trust: 'enforce' }),
    );
    const all = remediatorStatements(everything, aspects, account);
    for (const { pattern } of protectedRoleNames) {
      const roleName = pattern.replace('*', 'Anything');
      expect(isProtectedRoleName(roleName)).not.toBeNull();
      for (const path of ['/', '/any/'])
        expect(isAllowed(all, on(`${path}${roleName}`)('UpdateAssumeRolePolicy'))).toBe(false);
    }
    for (const path of ['/aws-service-role/', '/aws-reserved/']) {
      expect(isProtectedRoleName('x', path)).not.toBeNull();
      expect(isAllowed(all, on(`${path}x`)('UpdateAssumeRolePolicy'))).toBe(false);
    }
    for (const end of ['/x', '/any/x']) expect(isAllowed(all, on(end)('UpdateAssumeRolePolicy'))).toBe(true);
  });
});

describe('remediatorStatements, for any spec', () => {
  const letter = fc.constantFrom('a', 'b', '*', '?');
  const names = fc.string({ unit: letter, minLength: 1, maxLength: 4 });
  const exact = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 });
  const mode = fc.constantFrom('enforce' as const, 'detect' as const);
  const policy = fc.constantFrom('One', 'Two');
  const policies = fc.record({
    attached: fc.uniqueArray(policy.map(specPolicy)),
    forbidden: fc.uniqueArray(policy.map(specPolicy)),
    unlisted: fc.constantFrom('report', 'detach'),
  });
  const declarations = (path: fc.Arbitrary<string>) =>
    fc.uniqueArray(
      fc
        .record({ name: names, path, mode, trust: mode, managedPolicies: policies })
        .map(({ name, ...parts }) => aRole(name, parts)),
      { selector: ({ name }) => name, maxLength: 5 },
    );
  const someRole = (path: fc.Arbitrary<string>) =>
    fc.record({
      path,
      name: exact,
      action: fc.constantFrom('UpdateAssumeRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy'),
      policy,
    });
  const anyPath = fc.constantFrom('/', '/a/', '/b/', '/a/b/');

  it('allows whatever the declaration of a role asks for, whatever else is declared', () => {
    fc.assert(
      fc.property(declarations(anyPath), someRole(anyPath), (roles, { path, name, action, policy: of }) => {
        const call = on(`${path}${name}`)(action, action === 'UpdateAssumeRolePolicy' ? undefined : of);
        fc.pre(isAsked(aSpec(...roles), { path, name }, call));
        expect(isAllowed(remediatorStatements(aSpec(...roles), aspects, account), call)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('allows nothing else where exact names and one pattern share a path', () => {
    const atRoot = fc.constant('/');
    const oneSpec = declarations(atRoot).map((roles) => {
      const patterns = roles.filter(({ name }) => /[*?]/.test(name));
      return roles.filter((one) => !patterns.slice(1).includes(one));
    });
    fc.assert(
      fc.property(oneSpec, someRole(anyPath), (roles, { path, name, action, policy: of }) => {
        const call = on(`${path}${name}`)(action, action === 'UpdateAssumeRolePolicy' ? undefined : of);
        fc.pre(!isAsked(aSpec(...roles), { path, name }, call));
        expect(isAllowed(remediatorStatements(aSpec(...roles), aspects, account), call)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Whether the declaration that governs the role asks for the call: the aspects' own word. */
function isAsked(roles: Spec, end: { path: string; name: string }, call: Call): boolean {
  const declaration = findDeclaration(roles, end.name);
  if (declaration === null || declaration.path !== end.path) return false;
  const alone = aSpec({ ...declaration, name: end.name });
  return isAllowed(remediatorStatements(alone, aspects, account), call);
}

function nameOf({ action, resource, context }: Call): string {
  return [action, resource, ...Object.values(context ?? {})].join(' ');
}
