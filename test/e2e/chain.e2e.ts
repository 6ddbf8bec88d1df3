import { setTimeout as sleep } from 'node:timers/promises';

import { CreateRoleCommand, DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, DeleteTopicCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Json } from '../../shared/model.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { drain } from './chain/carry.ts';
import { catalogue, type CatalogueRole } from './chain/catalogue.ts';
import { attach, detach, putTrust, roleNow } from './chain/iam-changes.ts';
import { install, type Installation, secondsOf } from './chain/installation.ts';
import { subscriber } from './chain/subscriber.ts';
import { withBackdoor } from './chain/trust-documents.ts';
import { ACCOUNT_ID } from './moto/account.ts';
import { jsonCall } from './moto/aws.ts';

const awsManaged = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const pod = ofPreset('eks-pod-identity');
const denyIam = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Nothing', Effect: 'Deny', Action: 'iam:*', Resource: '*' }],
};
const backdoored = withBackdoor(pod.trustPolicy);

let installation: Installation;

beforeEach(async () => {
  installation = await install();
});

afterEach(() => installation.stop());

function ofPreset(name: string): CatalogueRole {
  const found = catalogue.find(({ preset }) => preset === name);
  if (found === undefined) throw new Error(`the catalogue has no preset ${name}`);
  return found;
}

const trustOf = async ({ roleName }: CatalogueRole): Promise<Json> =>
  (await roleNow(installation.aws.iam, roleName)).trustPolicy;
const attachedTo = async ({ roleName }: CatalogueRole) =>
  (await roleNow(installation.aws.iam, roleName)).attached;
const reportsOf = async ({ roleName }: CatalogueRole) =>
  (await installation.ledger.list({ accountId: ACCOUNT_ID, roleName })).map(({ report }) => report?.outcome);
/** Carries what is in the reports queue and answers what the subscriber then reads. */
const mail = async () => {
  await installation.carry('reports');
  return installation.subscriber.readMail();
};

/** As in the console of Systems Manager. */
const turnKillSwitch = (Value: string) =>
  jsonCall(installation.aws.endpoint, 'ssm', 'AmazonSSM.PutParameter', {
    Name: '/iam-drift/kill-switch',
    Type: 'String',
    Value,
    Overwrite: true,
  });

describe('what the rules let through', () => {
  it('a call that failed is not delivered', async () => {
    await installation.putEvent(
      anIamEvent('AttachRolePolicy', {}, { errorCode: 'AccessDenied', errorMessage: 'not authorized' }),
    );
    expect(await installation.carry('changes')).toEqual({ bodies: [], failed: [] });
  });

  it('a read, and a change of something that is no role, are not delivered', async () => {
    await installation.putEvent(anIamEvent('GetRole', { roleName: pod.roleName }, { readOnly: true }));
    await installation.putEvent(anIamEvent('AddUserToGroup', { userName: 'alice', groupName: 'admins' }));
    expect(await installation.carry('changes')).toEqual({ bodies: [], failed: [] });
  });

  it('a role that is not declared costs no call and changes nothing', async () => {
    const { iam } = installation.aws;
    const policy = JSON.stringify(pod.trustPolicy);
    await iam.send(new CreateRoleCommand({ RoleName: 'somebody-elses', AssumeRolePolicyDocument: policy }));
    await installation.happen(attach('somebody-elses', awsManaged('AdministratorAccess')));
    const { bodies, failed } = await installation.carry('changes');
    expect([bodies.length, failed]).toEqual([1, []]);
    expect(installation.gateway.iamCalls).toEqual([]);
    expect((await roleNow(iam, 'somebody-elses')).attached).toEqual([awsManaged('AdministratorAccess')]);
    expect(await mail()).toEqual([]);
  });
});

describe('a preset’s finer points', () => {
  it('eks-node: moved to the newer registry policy, nothing is put back', async () => {
    const node = ofPreset('eks-node');
    const newer = awsManaged('AmazonEC2ContainerRegistryPullOnly');
    await installation.happen(attach(node.roleName, newer));
    await installation.happen(detach(node.roleName, awsManaged('AmazonEC2ContainerRegistryReadOnly')));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await attachedTo(node)).toEqual([newer, awsManaged('AmazonEKSWorkerNodePolicy')]);
    expect(await mail()).toEqual([]);
  });

  it('eks-node: the CNI policy stays, and somebody is told to move it', async () => {
    const node = ofPreset('eks-node');
    await installation.happen(attach(node.roleName, awsManaged('AmazonEKS_CNI_Policy')));
    await installation.carry('changes');
    expect(await attachedTo(node)).toContain(awsManaged('AmazonEKS_CNI_Policy'));
    const told = await mail();
    expect(told.map(({ text }) => text.includes('role of its own'))).toEqual([true]);
  });

  it('eks-node-restricted: the worker policy is detached again', async () => {
    const node = ofPreset('eks-node-restricted');
    await installation.happen(attach(node.roleName, awsManaged('AmazonEKSWorkerNodePolicy')));
    await installation.carry('changes');
    expect(await attachedTo(node)).toEqual(node.required);
    expect(await reportsOf(node)).toEqual(['remediated']);
  });
});

describe('when something fails', () => {
  it('a message that nobody can read ends in the dead-letter queue and holds nothing else up', async () => {
    await installation.happen(putTrust(pod.roleName, backdoored));
    await installation.putEvent(anIamEvent('AttachRolePolicy', { roleName: null }, { eventID: 'poison' }));
    const deliveries: (readonly string[])[] = [];
    for (;;) {
      const { bodies, failed } = await installation.carry('changes');
      if (bodies.length === 0) break;
      deliveries.push(failed);
    }
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
    // As often as the template says, then SQS itself moves it.
    expect(deliveries.map((failed) => failed.map((body) => body.includes('poison')))).toEqual(
      Array.from({ length: 5 }, () => [true]),
    );
    const dead = await drain(installation.aws.sqs, await installation.deadLetterQueueUrl('changes'));
    expect(dead.map((body) => body.includes('poison'))).toEqual([true]);
  });

  it('an IAM that throttles for a moment is waited for', async () => {
    installation.gateway.throttle(3);
    await installation.happen(putTrust(pod.roleName, backdoored));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
  });

  it('an IAM that throttles for long: the message comes again, and people are told once', async () => {
    installation.gateway.throttle(Infinity);
    await installation.happen(putTrust(pod.roleName, backdoored));
    expect((await installation.carry('changes')).failed).toHaveLength(1);
    expect(await trustOf(pod)).toEqual(backdoored);
    installation.gateway.throttle(0);
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
    expect(await reportsOf(pod)).toEqual(['remediated']);
    expect(await mail()).toHaveLength(1);
  });

  it('a remediator whose permissions were taken away: nothing is lost, and it goes on when they are back', async () => {
    const { iam } = installation.aws;
    const own = { RoleName: 'IamDriftRemediatorRemediate', PolicyName: 'e2e-nothing-in-iam' };
    await iam.send(new PutRolePolicyCommand({ ...own, PolicyDocument: JSON.stringify(denyIam) }));
    await installation.happen(putTrust(pod.roleName, backdoored));
    expect((await installation.carry('changes')).failed).toHaveLength(1);
    expect(await trustOf(pod)).toEqual(backdoored);
    expect(installation.denied().some((text) => text.includes('iam:GetRole'))).toBe(true);

    await iam.send(new DeleteRolePolicyCommand(own));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
  });

  it('a topic that is gone: the role is restored all the same, and people are told when it is back', async () => {
    const { sns, sqs } = installation.aws;
    await sns.send(new DeleteTopicCommand({ TopicArn: installation.topicArn }));
    await installation.happen(putTrust(pod.roleName, backdoored));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
    expect((await installation.carry('reports')).failed).toHaveLength(1);

    const Name = installation.topicArn.slice(installation.topicArn.lastIndexOf(':') + 1);
    await sns.send(new CreateTopicCommand({ Name }));
    const late = await subscriber(sns, sqs, installation.topicArn);
    expect((await installation.carry('reports')).failed).toEqual([]);
    expect(await late.readMail()).toHaveLength(1);
  });
});

describe('what operators say', () => {
  it('pause: nothing is written, and people are told that the door stands open; run: it is closed', async () => {
    await turnKillSwitch('pause: end to end');
    await installation.happen(putTrust(pod.roleName, backdoored));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await trustOf(pod)).toEqual(backdoored);
    expect(await reportsOf(pod)).toEqual(['held']);
    expect((await mail()).map(({ text }) => text.includes('end to end'))).toEqual([true]);

    await turnKillSwitch('run');
    // A function that runs believes the switch for ten seconds.
    await sleep(10_500);
    const ours = putTrust(pod.roleName, backdoored);
    await installation.putEvent(anIamEvent(ours.eventName, ours.requestParameters));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
    expect((await reportsOf(pod))[0]).toBe('remediated');
  });
});

describe('what comes more than once, late or never', () => {
  it('the event of our own change, and the same event twice, change nothing and tell nobody', async () => {
    const eventID = await installation.happen(putTrust(pod.roleName, backdoored));
    await installation.carry('changes');
    expect(await mail()).toHaveLength(1);
    const writes = () => installation.gateway.iamCalls.filter((call) => call.startsWith('iam:Update'));
    expect(writes()).toHaveLength(1);

    const ours = putTrust(pod.roleName, pod.trustPolicy);
    const theirs = putTrust(pod.roleName, backdoored);
    await installation.putEvent(anIamEvent(ours.eventName, ours.requestParameters));
    await installation.putEvent(anIamEvent(theirs.eventName, theirs.requestParameters, { eventID }));
    expect((await installation.carry('changes')).failed).toEqual([]);
    expect(writes()).toHaveLength(1);
    expect(await mail()).toEqual([]);
  });

  it('a change so young that IAM may not show it yet is looked at once more, by a delayed message', async () => {
    await installation.putEvent(
      anIamEvent(
        'AttachRolePolicy',
        { roleName: pod.roleName, policyArn: awsManaged('ReadOnlyAccess') },
        {
          eventTime: secondsOf(Date.now()),
        },
      ),
    );
    expect((await installation.carry('changes')).failed).toEqual([]);
    // What IAM did not show at first.
    await putTrust(pod.roleName, backdoored).send(installation.aws.iam);
    const again = await nextBatch('changes', 30_000);
    expect(again.bodies.map((body) => body.includes('recheckRole'))).toEqual([true]);
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
    expect(await mail()).toHaveLength(1);
  });

  it('a change that no event told of is found by the next resync', async () => {
    await sweep();
    await mail();
    await putTrust(pod.roleName, backdoored).send(installation.aws.iam);
    await sweep();
    expect(await trustOf(pod)).toEqual(pod.trustPolicy);
    const told = await mail();
    expect(told.map(({ subject }) => subject.includes(pod.roleName))).toEqual([true]);
  });
});

/** Each role is looked at. */
async function sweep(): Promise<void> {
  expect(await installation.resync()).toEqual({ roles: catalogue.length });
  for (let left = catalogue.length; left > 0;) {
    const { bodies, failed } = await installation.carry('resyncs');
    expect([bodies.length > 0, failed]).toEqual([true, []]);
    left -= bodies.length;
  }
}

async function nextBatch(name: 'changes', patienceMs: number) {
  for (const end = Date.now() + patienceMs; ;) {
    const carried = await installation.carry(name);
    if (carried.bodies.length > 0 || Date.now() > end) return carried;
  }
}
