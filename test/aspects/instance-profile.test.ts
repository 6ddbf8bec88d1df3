import { afterEach, describe, expect, it } from 'vitest';

import { instanceProfile } from '../../shared/aspects/instance-profile.ts';
import type { JsonObject } from '../../shared/model.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling, inTurn } from './tampering.ts';

const web = { instanceProfileName: 'web' };
const add = calling('AddRoleToInstanceProfile', web);
const remove = calling('RemoveRoleFromInstanceProfile', web);
const intrude = calling('AddRoleToInstanceProfile', { ...web, roleName: 'mallory' });

describeAspect(instanceProfile, {
  declared: 'web',
  inSync: add,
  cannotDeclare: ['the role removed', 'another role in its place'],
  drifted: {
    'the role removed': remove,
    'another role in its place': inTurn(remove, intrude),
  },
  equivalents: {
    'in another profile, too': calling('AddRoleToInstanceProfile', { instanceProfileName: 'other' }),
    'removed and added again': inTurn(remove, add),
  },
});

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

const trustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

async function anApp(...profiles: readonly string[]): Promise<Scene> {
  const one = await scene(
    'version: 1\ndefaults: { mode: enforce }\nroles: [{ name: app, instanceProfile: Web }]',
  );
  scenes.push(one);
  one.account.createRole({ roleName: 'App', trustPolicy, instanceProfiles: profiles });
  return one;
}

const writes = ({ account }: Scene) =>
  account.calls.filter(({ operation }) => !operation.startsWith('Get')).map(({ operation }) => operation);

describe('the instance profile', () => {
  it('another role in it goes before the declared one comes back', async () => {
    const app = await anApp('web');
    remove(app.account);
    await app.happen(
      anIamEvent('AddRoleToInstanceProfile', { roleName: 'mallory', instanceProfileName: 'web' }),
    );
    expect(writes(app)).toEqual(['RemoveRoleFromInstanceProfile', 'AddRoleToInstanceProfile']);
    expect(app.reports).toMatchObject([
      {
        role: { roleName: 'App' },
        outcome: 'remediated',
        verified: true,
        severity: 'high',
        changes: [{ effect: 'closes' }, { effect: 'restores' }],
      },
      { role: { roleName: 'mallory' }, outcome: 'not-checked' },
    ]);
  });

  it('while the other role cannot be removed, nothing is added', async () => {
    const app = await anApp();
    app.account.inject({ operation: 'RemoveRoleFromInstanceProfile', error: 'UnmodifiableEntity' });
    await app.happen(
      anIamEvent('AddRoleToInstanceProfile', { roleName: 'mallory', instanceProfileName: 'web' }),
    );
    expect(writes(app)).toEqual(['RemoveRoleFromInstanceProfile']);
    expect(app.reports).toMatchObject([
      { outcome: 'failed', changes: [{ outcome: 'failed' }, { outcome: 'held', heldBy: 'closeFirst' }] },
      {},
    ]);
  });

  it('that does not exist is not created: failed, with what to do', async () => {
    const app = await anApp();
    await app.deliver(
      anIamEvent('RemoveRoleFromInstanceProfile', { roleName: 'app', instanceProfileName: 'web' }),
    );
    expect(app.reports).toMatchObject([
      { outcome: 'failed', changes: [{ action: 'iam:AddRoleToInstanceProfile' }] },
    ]);
    expect(app.reports[0]?.nextSteps.join()).toContain('Create the instance profile Web');
  });

  it('names ignore case, of the role and of the profile', async () => {
    const app = await anApp('web');
    await app.deliver(
      anIamEvent('RemoveRoleFromInstanceProfile', { roleName: 'APP', instanceProfileName: 'WEB' }),
    );
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });

  it('one call reads it, in the first round', async () => {
    const app = await anApp('web');
    await app.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
    expect(app.account.calls.map(({ operation }) => operation).sort()).toEqual([
      'GetInstanceProfile',
      'GetRole',
    ]);
  });
});

describe('the grants of an instance profile', () => {
  const arns = ['web', '*/web'].map(
    (end) => 'arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile/' + end,
  );

  it('are for this profile only, and for passing the role to EC2 only', () => {
    expect(instanceProfile.readGrants('web')).toEqual([
      { actions: ['iam:GetInstanceProfile'], resources: arns },
    ]);
    expect(instanceProfile.grants('web')).toEqual([
      { actions: ['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'], resources: arns },
      {
        actions: ['iam:PassRole'],
        condition: {
          StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] },
        },
      },
    ]);
  });
});
