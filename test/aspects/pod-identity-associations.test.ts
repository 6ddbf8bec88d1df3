import { afterEach, describe, expect, it } from 'vitest';

import { podIdentityAssociations } from '../../shared/aspects/pod-identity-associations.ts';
import type { Json, JsonObject } from '../../shared/model.ts';
import { describeAspect, type Tampering } from '../support/aspect-contract.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling, inTurn } from './tampering.ts';

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const allow = (Action: Json): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const shop = { cluster: 'shop', namespace: 'default', serviceAccount: 'checkout' };
const narrowed = {
  cluster: 'shop',
  namespace: 'default',
  serviceAccount: 'reports',
  targetRoleArn: role('target'),
  disableSessionTags: true,
  policy: allow('s3:GetObject'),
};

const inShop = { clusterName: 'shop', namespace: 'default' };
const create = (serviceAccount: string, more: JsonObject = {}) =>
  calling('CreatePodIdentityAssociation', { ...inShop, serviceAccount, roleArn: role('app'), ...more });
const createNarrowed = create('reports', {
  targetRoleArn: role('target'),
  disableSessionTags: true,
  policy: JSON.stringify(allow('s3:GetObject')),
});
const idOf = (account: Parameters<Tampering>[0], serviceAccount: string) =>
  account.associations().find((one) => one.serviceAccount === serviceAccount)?.associationId ?? '';
const update =
  (serviceAccount: string, settings: JsonObject): Tampering =>
  (account) =>
    calling('UpdatePodIdentityAssociation', {
      clusterName: 'shop',
      associationId: idOf(account, serviceAccount),
      ...settings,
    })(account);
const remove =
  (serviceAccount: string): Tampering =>
  (account) =>
    calling('DeletePodIdentityAssociation', {
      clusterName: 'shop',
      associationId: idOf(account, serviceAccount),
    })(account);

describeAspect(podIdentityAssociations, {
  declared: [shop, narrowed],
  inSync: inTurn(create('checkout'), createNarrowed),
  cannotDeclare: ['pointed at another role', 'all at once'],
  drifted: {
    'one deleted': remove('checkout'),
    'pointed at another role': update('checkout', { roleArn: role('other') }),
    'given a target role': update('checkout', { targetRoleArn: role('other') }),
    'given a policy': update('checkout', {
      policy: JSON.stringify(allow('s3:*')),
      disableSessionTags: true,
    }),
    'session tags disabled': update('checkout', { disableSessionTags: true }),
    'another target role': update('reports', { targetRoleArn: role('other') }),
    'another policy': update('reports', { policy: JSON.stringify(allow('s3:*')) }),
    'another service account': create('intruder'),
    'the same in another namespace': create('checkout', { namespace: 'kube-system' }),
    'all at once': inTurn(
      remove('checkout'),
      create('intruder'),
      update('reports', { roleArn: role('other') }),
    ),
  },
  equivalents: {
    'the policy spelt otherwise': update('reports', {
      policy: JSON.stringify(allow(['s3:getobject', 's3:GetObject'])),
    }),
    'another role for another service account': create('cron', { roleArn: role('other') }),
    'deleted and created again': inTurn(remove('checkout'), create('checkout')),
  },
});

const trustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function aWorkload(declared: readonly JsonObject[] = [shop]): Promise<Scene> {
  const roles = [{ name: 'app', podIdentityAssociations: declared }];
  const one = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  scenes.push(one);
  one.account.createRole({ roleName: 'app', trustPolicy });
  one.account.createRole({ roleName: 'other', trustPolicy });
  return one;
}

const eksEvent = (eventName: string, parameters: JsonObject, overrides: JsonObject = {}) =>
  anIamEvent(eventName, parameters, { eventSource: 'eks.amazonaws.com', ...overrides });
const writes = ({ account }: Scene) =>
  account.calls
    .filter(({ operation }) => !/^(?:Get|List|Describe)/.test(operation))
    .map(({ operation }) => operation);

describe('Pod Identity associations', () => {
  it('an event that names no role wakes the role that declares the service account', async () => {
    const one = await aWorkload();
    create('checkout')(one.account);
    const associationId = idOf(one.account, 'checkout');
    await one.happen(
      eksEvent('UpdatePodIdentityAssociation', {
        clusterName: 'shop',
        associationId,
        roleArn: role('other'),
      }),
    );
    expect(writes(one)).toEqual(['UpdatePodIdentityAssociation']);
    expect(one.account.associations()).toMatchObject([{ roleArn: role('app') }]);
    expect(one.reports).toMatchObject([
      { role: { roleName: 'app' }, outcome: 'remediated', verified: true, severity: 'high' },
      { role: { roleName: 'other' }, outcome: 'not-checked' },
    ]);
  });

  it('an association for an undeclared service account is access gained', async () => {
    const one = await aWorkload();
    create('checkout')(one.account);
    await one.happen(
      eksEvent('CreatePodIdentityAssociation', {
        ...inShop,
        serviceAccount: 'intruder',
        roleArn: role('app'),
      }),
    );
    expect(writes(one)).toEqual(['DeletePodIdentityAssociation']);
    expect(one.reports[0]?.drift.differences[0]).toMatchObject({
      path: 'podIdentityAssociations[shop/default/intruder]',
      type: 'ADD',
      access: { gained: [{ text: 'pods of shop/default/intruder can now act as this role' }] },
    });
  });

  it('is looked for where its cluster is', async () => {
    const one = await aWorkload([{ ...shop, region: 'eu-west-1' }]);
    one.account.createCluster('shop', 'eu-west-1');
    one.account.createCluster('shop', 'us-east-1');
    await one.deliver(
      eksEvent(
        'DeletePodIdentityAssociation',
        { clusterName: 'shop', associationId: 'a-1' },
        { awsRegion: 'eu-west-1' },
      ),
    );
    expect(one.reports).toMatchObject([{ outcome: 'remediated', verified: true }]);
    expect(one.account.associations()).toMatchObject([{ region: 'eu-west-1' }]);
  });

  it('of a cluster that is gone is told once, and nothing is sent', async () => {
    const one = await aWorkload();
    await one.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
    expect(writes(one)).toEqual([]);
    expect(one.reports).toMatchObject([
      {
        outcome: 'detected',
        changes: [{ heldBy: 'spec', reason: 'the cluster shop does not exist, or not in this region' }],
      },
    ]);
    // The event was young, so what was read is read again.
    await one.deliverRechecks();
    expect(one.reports).toHaveLength(1);
    expect(one.rechecks).toEqual([]);
  });

  it('that an add-on owns is left to the add-on', async () => {
    const one = await aWorkload();
    const ownerArn = 'arn:aws:eks:us-east-1:111122223333:addon/shop/vpc-cni/1';
    one.account.createAssociation({
      clusterName: 'shop',
      namespace: 'default',
      serviceAccount: 'checkout',
      roleArn: role('other'),
      ownerArn,
    });
    await one.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
    expect(writes(one)).toEqual([]);
    expect(one.reports[0]).toMatchObject({ outcome: 'held', changes: [{ heldBy: 'ownership' }] });
    expect(one.reports[0]?.nextSteps.join('\n')).toContain('UpdateAddon');
  });

  it('with another external id is told: the target role may not let it in', async () => {
    const target = { ...shop, targetRoleArn: role('other') };
    const one = await aWorkload([{ ...target, externalId: 'the-one-before' }]);
    create('checkout', { targetRoleArn: role('other') })(one.account);
    await one.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
    expect(writes(one)).toEqual([]);
    expect(one.reports[0]).toMatchObject({ outcome: 'detected' });
    expect(one.reports[0]?.nextSteps.join('\n')).toContain('ask for the external id');
  });

  it('of two roles cannot be the same', () => {
    expect(podIdentityAssociations.claims([shop])).toEqual(['shop/default/checkout']);
  });

  it('none are declared: nothing is read, nothing may be written', async () => {
    expect(podIdentityAssociations.grants([])).toEqual([]);
    const one = await aWorkload([]);
    await one.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
    expect(one.account.calls.map(({ operation }) => operation)).toEqual(['GetRole']);
  });

  it('a policy asks for disabled session tags, as EKS does', () => {
    expect(podIdentityAssociations.faults([{ ...shop, policy: allow('s3:*') }])).toMatchObject([
      { path: [0, 'policy'] },
    ]);
  });
});
