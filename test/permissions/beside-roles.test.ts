import { describe, expect, it } from 'vitest';

import { aspects } from '../../shared/aspects/index.ts';
import type { JsonObject } from '../../shared/model.ts';
import { remediatorStatements } from '../../shared/permissions/statements.ts';
import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import { type Call, isAllowed } from '../support/iam-evaluator.ts';

const account = { partition: 'aws', accountId: '111122223333', ownRoleNames: [] };
const own = 'arn:aws:iam::111122223333:';
const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };

function statementsFor(...roles: readonly JsonObject[]) {
  const { spec, faults } = loadSpec(JSON.stringify({ version: 1, roles }), 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  return remediatorStatements(spec, aspects, account);
}

const statements = statementsFor(
  {
    name: 'web',
    mode: 'enforce',
    instanceProfile: 'web-nodes',
    permissionsBoundary: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/boundary',
    inlinePolicies: { policies: { read: { Statement: [statement] } }, unlisted: 'delete' },
    description: 'web',
    tags: { team: 'web' },
  },
  { name: 'db', mode: 'detect', instanceProfile: 'db-nodes', maxSessionDuration: 3600 },
  { name: '*Node*', mode: 'enforce', inlinePolicies: {}, permissionsBoundary: 'none' },
);

const call = (action: string, resource: string, context: Call['context'] = {}): Call => ({
  action: `iam:${action}`,
  resource: own + resource,
  context,
});
const ec2 = { 'iam:PassedToService': 'ec2.amazonaws.com' };
const boundary = (name: string) => ({ 'iam:PermissionsBoundary': `${own}policy/${name}` });

describe('the permissions of the other aspects', () => {
  it.each([
    call('GetInstanceProfile', 'instance-profile/web-nodes'),
    call('GetInstanceProfile', 'instance-profile/team/web-nodes'),
    call('GetInstanceProfile', 'instance-profile/db-nodes'),
    call('AddRoleToInstanceProfile', 'instance-profile/web-nodes'),
    call('AddRoleToInstanceProfile', 'instance-profile/a/b/web-nodes'),
    call('RemoveRoleFromInstanceProfile', 'instance-profile/web-nodes'),
    call('PassRole', 'role/web', ec2),
    call('PutRolePermissionsBoundary', 'role/web', boundary('boundary')),
    call('ListRolePolicies', 'role/web'),
    call('GetRolePolicy', 'role/web'),
    call('PutRolePolicy', 'role/web'),
    call('DeleteRolePolicy', 'role/web'),
    call('UpdateRole', 'role/web'),
    call('TagRole', 'role/web'),
    call('GetRolePolicy', 'role/aNode1'),
  ])('allow $action on $resource', (one) => {
    expect(isAllowed(statements, one)).toBe(true);
  });

  it.each([
    // Other profiles, other roles, other services.
    call('GetInstanceProfile', 'instance-profile/other'),
    call('AddRoleToInstanceProfile', 'instance-profile/my-web-nodes'),
    call('RemoveRoleFromInstanceProfile', 'instance-profile/web-nodes2'),
    call('PassRole', 'role/web'),
    call('PassRole', 'role/web', { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    call('PassRole', 'role/db', ec2),
    call('PassRole', 'role/mallory', ec2),
    call('CreateInstanceProfile', 'instance-profile/web-nodes'),
    call('DeleteInstanceProfile', 'instance-profile/web-nodes'),
    // What is only watched.
    call('AddRoleToInstanceProfile', 'instance-profile/db-nodes'),
    call('UpdateRole', 'role/db'),
    // Boundaries that are not declared, and none is ever removed.
    call('PutRolePermissionsBoundary', 'role/web', boundary('other')),
    call('PutRolePermissionsBoundary', 'role/web'),
    call('PutRolePermissionsBoundary', 'role/aNode1', boundary('boundary')),
    call('DeleteRolePermissionsBoundary', 'role/web'),
    // Nothing to put, and nothing to delete.
    call('PutRolePolicy', 'role/aNode1'),
    call('DeleteRolePolicy', 'role/aNode1'),
    call('UntagRole', 'role/web'),
  ])('deny $action on $resource', (one) => {
    expect(isAllowed(statements, one)).toBe(false);
  });

  it('are no more where nothing of the kind is declared', () => {
    expect(statementsFor({ name: 'app', mode: 'enforce', tags: {} }).map(({ Sid }) => Sid)).toEqual([
      'NeverTheseRoles',
      'ReadRoles',
      'WriteRoles',
    ]);
  });
});
