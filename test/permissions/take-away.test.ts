import { expect, it } from 'vitest';

import { aspects } from '../../shared/aspects/index.ts';
import type { Difference } from '../../shared/model.ts';
import { everyRoleWrite } from '../../shared/permissions/actions.ts';
import { remediatorStatements } from '../../shared/permissions/statements.ts';
import { isAllowed } from '../support/iam-evaluator.ts';
import { specOf } from '../spec/support.ts';

const policy = 'arn:aws:iam::111122223333:policy/boundary';
const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
const declaring = (permissionsBoundary: string | null) => ({
  mode: 'enforce',
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  },
  managedPolicies: { attached: [{ arn: policy, document }], unlisted: 'detach' },
  inlinePolicies: { policies: { guard: document }, unlisted: 'delete' },
  permissionsBoundary,
  maxSessionDuration: 3600,
  description: 'x',
  tags: { team: 'web' },
});
const spec = specOf(
  JSON.stringify({
    version: 1,
    roles: [
      { name: 'app', instanceProfile: 'app', whenDeleted: 'recreate', ...declaring(policy) },
      { name: 'none', ...declaring('none') },
      { name: 'null', ...declaring(null) },
      { name: '*', ...declaring('none') },
    ],
  }),
);

const takenAway = aspects.flatMap(({ name, takeAway }) => {
  const difference: Difference = {
    aspect: name,
    path: `${name}[x]`,
    type: 'ADD',
    mode: 'enforce',
    expected: null,
    actual: policy,
    access: { gained: [], lost: [] },
    leftBySpec: null,
    forbidden: false,
    advice: null,
    severity: null,
  };
  const role = { accountId: '111122223333', partition: 'aws', roleName: 'app' };
  return takeAway(difference, role)?.action ?? [];
});

it('what only a rollback takes away, by an operator’s own credentials, the function may not', () => {
  expect(takenAway).toEqual(['iam:DeleteRolePermissionsBoundary', 'iam:UntagRole']);
  const account = { partition: 'aws', accountId: '111122223333', ownRoleNames: [] };
  const statements = remediatorStatements(spec, aspects, account);
  const mayDo = (action: string) =>
    ['app', 'none', 'null', 'other'].filter((roleName) => {
      const context = { 'iam:PermissionsBoundary': policy, 'iam:PolicyARN': policy };
      const resource = `arn:aws:iam::111122223333:role/${roleName}`;
      return isAllowed(statements, { action, resource, context });
    });
  expect(takenAway.flatMap(mayDo)).toEqual([]);
  // The same question about what it does.
  expect(mayDo('iam:TagRole')).toEqual(['app', 'none', 'null', 'other']);
  expect(mayDo('iam:PutRolePermissionsBoundary')).toEqual(['app']);
  for (const action of takenAway)
    for (const { actions } of aspects) expect([...actions.observe, ...actions.revert]).not.toContain(action);
  expect(everyRoleWrite).toEqual(expect.arrayContaining(takenAway));
});
