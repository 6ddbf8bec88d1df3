import { afterEach, describe, expect, it } from 'vitest';

import { permissionsBoundary } from '../../shared/aspects/permissions-boundary.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling } from './tampering.ts';

const boundary = 'arn:aws:iam::111122223333:policy/team/app-boundary';
const wider = 'arn:aws:iam::aws:policy/AdministratorAccess';

describeAspect(permissionsBoundary, {
  declared: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team/app-boundary',
  inSync: calling('PutRolePermissionsBoundary', { permissionsBoundary: boundary }),
  drifted: {
    removed: calling('DeleteRolePermissionsBoundary'),
    replaced: calling('PutRolePermissionsBoundary', { permissionsBoundary: wider }),
    'one of the same name, elsewhere': calling('PutRolePermissionsBoundary', {
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/app-boundary',
    }),
  },
  equivalents: {
    'put once more': calling('PutRolePermissionsBoundary', { permissionsBoundary: boundary }),
  },
});

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

const trustsEc2 = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

async function anApp(declared: string | null, permissionsBoundaryNow: string | null): Promise<Scene> {
  const one = await scene(`
version: 1
defaults: { mode: enforce }
roles: [{ name: app, permissionsBoundary: ${JSON.stringify(declared)}, managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }]
`);
  scenes.push(one);
  one.account.createPolicy({ arn: boundary, document: { Version: '2012-10-17', Statement: [] } });
  one.account.createRole({
    roleName: 'app',
    trustPolicy: trustsEc2,
    managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    permissionsBoundary: permissionsBoundaryNow,
  });
  return one;
}

describe('a boundary', () => {
  it('that is gone is critical, and what it no longer limits is told', async () => {
    const app = await anApp(boundary, boundary);
    await app.happen(anIamEvent('DeleteRolePermissionsBoundary', { roleName: 'app' }));
    expect(app.account.role('app')?.permissionsBoundary).toBe(boundary);
    expect(app.reports).toMatchObject([
      {
        severity: 'critical',
        outcome: 'remediated',
        changes: [{ action: 'iam:PutRolePermissionsBoundary', effect: 'closes' }],
      },
    ]);
    expect(app.reports[0]?.drift.differences[0]?.access.gained[0]?.text).toContain('app-boundary');
  });

  it('that cannot be put back keeps policies from being attached: the role would have more than was meant', async () => {
    const app = await anApp(boundary, boundary);
    app.account.inject({
      operation: 'PutRolePermissionsBoundary',
      error: 'NoSuchEntity',
    });
    await app.happen(
      anIamEvent('DetachRolePolicy', {
        roleName: 'app',
        policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }),
      anIamEvent('DeleteRolePermissionsBoundary', { roleName: 'app' }),
    );
    expect(app.account.role('app')?.managedPolicies).toEqual([]);
    expect(app.reports).toMatchObject([
      { outcome: 'failed', changes: [{ outcome: 'failed' }, { outcome: 'held', heldBy: 'closeFirst' }] },
    ]);
  });

  it.each(['none', null])(
    'declared as %s: another’s is containment, told and never removed',
    async (none) => {
      const app = await anApp(none, boundary);
      await app.deliver(
        anIamEvent('PutRolePermissionsBoundary', { roleName: 'app', permissionsBoundary: boundary }),
      );
      expect(app.account.role('app')?.permissionsBoundary).toBe(boundary);
      expect(app.reports).toMatchObject([
        {
          outcome: 'detected',
          severity: 'medium',
          drift: { differences: [{ type: 'ADD', actual: boundary }] },
          changes: [{ outcome: 'held', heldBy: 'spec' }],
        },
      ]);
    },
  );

  it('where none is declared and none is there: in sync', async () => {
    const app = await anApp('none', null);
    await app.deliver(anIamEvent('DeleteRolePermissionsBoundary', { roleName: 'app' }));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });
});

describe('the grants of a boundary', () => {
  it('are for the declared one only, and none for removing it', () => {
    expect(permissionsBoundary.grants(boundary)).toEqual([
      {
        actions: ['iam:PutRolePermissionsBoundary'],
        condition: { ArnEquals: { 'iam:PermissionsBoundary': [boundary] } },
      },
    ]);
    expect(permissionsBoundary.grants('none')).toEqual([]);
  });
});
