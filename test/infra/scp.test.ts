import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { PolicyStatement } from '../../shared/permissions/statement.ts';
import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';
import { isAllowed } from '../support/iam-evaluator.ts';
import { statementsOf } from './flatten.ts';
import { type Resource, synthesise } from './synthesise.ts';

const text = readFileSync('infra/scp/protect-remediator.json', 'utf8');
const document = z.parse(
  z.strictObject({
    Version: z.literal('2012-10-17'),
    Statement: z.array(
      z.strictObject({
        Sid: z.string(),
        Effect: z.literal('Deny'),
        Action: z.array(z.string()),
        Resource: z.array(z.string()),
        Condition: z.optional(z.record(z.string(), z.record(z.string(), z.array(z.string())))),
      }),
    ),
  }),
  JSON.parse(text),
);
const everything: PolicyStatement = { Sid: '', Effect: 'Allow', Action: ['*'], Resource: ['*'] };

const account = '111122223333';
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;

const far = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${account}:${resource}`;

const administrator = role('Administrator');
const deployer = role(`cdk-hnb659fds-cfn-exec-role-${account}-us-east-1`);
const ourselves = role('IamDriftRemediatorRemediate');

/** Whether an administrator's permissions are enough under the SCP. */
function may(principal: string, action: string, resource: string, context = {}): boolean {
  const statements = document.Statement.map(({ Condition, ...statement }) => ({
    ...statement,
    ...(Condition === undefined ? {} : { Condition }),
  }));
  return isAllowed([everything, ...statements], {
    action,
    resource,
    context: { 'aws:PrincipalArn': principal, ...context },
  });
}

const stack = synthesise({ canary: true, notifications: { emails: ['platform@example.com'] } });
// The name that CloudFormation makes.
const physical = (id: string) => `IamDriftRemediator-${id}-1A2B3C4D5E6F`;
const given = ({ Properties }: Resource, key: string, id: string) => {
  const name = Properties[key];
  return typeof name === 'string' ? name : physical(id);
};

type Attack = readonly [actions: readonly string[], arnOf: (id: string, resource: Resource) => string];

/** What an attacker would do to each kind of resource. */
const attacks: Readonly<Record<string, Attack>> = {
  'AWS::CloudWatch::Alarm': [
    [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DisableAlarmActions',
      'cloudwatch:PutAlarmMuteRule',
      'cloudwatch:PutCompositeAlarm',
      'cloudwatch:PutLogAlarm',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:SetAlarmState',
    ],
    (id, alarm) => arn('cloudwatch', `alarm:${given(alarm, 'AlarmName', id)}`),
  ],
  'AWS::DynamoDB::Table': [
    [
      'dynamodb:DeleteResourcePolicy',
      'dynamodb:DeleteTable',
      'dynamodb:PutResourcePolicy',
      'dynamodb:UpdateTimeToLive',
    ],
    (id) => arn('dynamodb', `table/${physical(id)}`),
  ],
  'AWS::Events::Archive': [
    ['events:DeleteArchive', 'events:UpdateArchive'],
    (id, archive) => arn('events', `archive/${given(archive, 'ArchiveName', id)}`),
  ],
  'AWS::Events::EventBus': [
    ['events:DeleteEventBus', 'events:PutPermission'],
    (id, bus) => arn('events', `event-bus/${given(bus, 'Name', id)}`),
  ],
  'AWS::Events::Rule': [
    [
      'events:DeleteRule',
      'events:DisableRule',
      'events:PutRule',
      'events:PutTargets',
      'events:RemoveTargets',
    ],
    (id, rule) => {
      const { EventBusName: bus } = rule.Properties;
      return arn('events', `rule/${typeof bus === 'string' ? `${bus}/` : ''}${given(rule, 'Name', id)}`);
    },
  ],
  'AWS::IAM::Role': [
    [
      'iam:DeleteRolePolicy',
      'iam:PutRolePolicy',
      'iam:UpdateAssumeRolePolicy',
      'iam:DeleteRole',
      'iam:PassRole',
    ],
    (id, ours) => role(given(ours, 'RoleName', id)),
  ],
  'AWS::IAM::ManagedPolicy': [
    ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'],
    (id, policy) => `arn:aws:iam::${account}:policy/${given(policy, 'ManagedPolicyName', id)}`,
  ],
  'AWS::Lambda::Function': [
    [
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
      'lambda:PutFunctionConcurrency',
      'lambda:DeleteFunction',
      'lambda:AddPermission',
    ],
    (id, ours) => arn('lambda', `function:${given(ours, 'FunctionName', id)}`),
  ],
  'AWS::Logs::LogGroup': [
    [
      'logs:AssociateKmsKey',
      'logs:DeleteLogGroup',
      'logs:PutDataProtectionPolicy',
      'logs:PutRetentionPolicy',
    ],
    (id) => arn('logs', `log-group:${physical(id)}`),
  ],
  'AWS::SNS::Subscription': [
    ['sns:Unsubscribe', 'sns:SetSubscriptionAttributes'],
    (id) => arn('sns', `${physical('Topic')}:${id}`),
  ],
  'AWS::SNS::Topic': [
    ['sns:DeleteTopic', 'sns:PutDataProtectionPolicy', 'sns:RemovePermission', 'sns:SetTopicAttributes'],
    (id) => arn('sns', physical(id)),
  ],
  'AWS::SQS::Queue': [
    ['sqs:DeleteQueue', 'sqs:PurgeQueue', 'sqs:SetQueueAttributes'],
    (id) => arn('sqs', physical(id)),
  ],
  'AWS::SSM::Parameter': [
    ['ssm:PutParameter', 'ssm:DeleteParameter'],
    (id, parameter) => arn('ssm', `parameter/${given(parameter, 'Name', id).replace(/^\//, '')}`),
  ],
  'AWS::Scheduler::Schedule': [
    ['scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
    (id) => arn('scheduler', `schedule/default/${physical(id)}`),
  ],
};

// What has no call of its own, or is guarded by the function that it names.
const withoutAttack = [
  'AWS::CloudWatch::Dashboard',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

describe('the service control policy', () => {
  it('knows every kind of resource of the stack', () => {
    const types = new Set(Object.values(stack.template.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => attacks[type] === undefined).sort()).toEqual(withoutAttack);
  });

  it('fits into an SCP as it stands', () => {
    expect(text.length).toBeLessThanOrEqual(5120);
  });

  it('has wildcards at the end of actions only, which SCPs have always taken', () => {
    for (const { Action } of document.Statement)
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+\*?$/);
  });

  it('keeps everybody but the deployer from changing what the installation has', () => {
    for (const [id, resource] of Object.entries(stack.template.Resources)) {
      // It is there to be changed.
      if (resource.Properties['RoleName'] === CANARY_ROLE_NAME) continue;
      const [actions, arnOf] = attacks[resource.Type] ?? [[], () => ''];
      for (const action of actions) {
        const target = arnOf(id, resource);
        expect([action, target, may(administrator, action, target)]).toEqual([action, target, false]);
        expect([action, target, may(deployer, action, target)]).toEqual([action, target, true]);
      }
    }
  });

  it('keeps others from becoming the deployer, whom it lets pass', () => {
    const administrators = role('TRAIL_ADMINISTRATOR');
    // A role of such a name would be the deployer; the deployer's own would do what CloudFormation is told.
    for (const name of [deployer, role('cdk-hnb659fds-mine'), administrators])
      for (const action of [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:PassRole',
        'iam:PutRolePolicy',
        'iam:UpdateAssumeRolePolicy',
      ]) {
        expect([action, name, may(administrator, action, name)]).toEqual([action, name, false]);
        expect([action, name, may(deployer, action, name)]).toEqual([action, name, true]);
      }
    const asset = `arn:aws:s3:::cdk-hnb659fds-assets-${account}-us-east-1/1a2b.zip`;
    expect(may(administrator, 's3:PutObject', asset)).toBe(false);
    expect(may(administrator, 's3:GetObject', asset)).toBe(true);
    expect(may(role(`cdk-hnb659fds-file-publishing-role-${account}-us-east-1`), 's3:PutObject', asset)).toBe(
      true,
    );
  });

  it('keeps the account in the organization, for outside of it there is no SCP', () => {
    for (const action of ['organizations:LeaveOrganization', 'organizations:AcceptHandshake'])
      expect(may(administrator, action, '*')).toBe(false);
  });

  it('keeps the default event bus, whose key encrypts the patterns of all rules', () => {
    for (const action of ['events:UpdateEventBus', 'events:PutPermission', 'events:RemovePermission'])
      expect(may(administrator, action, arn('events', 'event-bus/default'))).toBe(false);
    expect(may(administrator, 'events:PutEvents', arn('events', 'event-bus/default'))).toBe(true);
    expect(may(administrator, 'events:PutRule', arn('events', 'rule/orders'))).toBe(true);
  });

  it('keeps the metrics readable, by which alarms go off', () => {
    expect(
      may(administrator, 'cloudwatch:AssociateDatasetKmsKey', arn('cloudwatch', 'dataset/default')),
    ).toBe(false);
  });

  it('keeps the stack itself, under an alias and from being taken apart, too', () => {
    for (const action of [
      'CreateChangeSet',
      'CreateStackRefactor',
      'DeleteStack',
      'ExecuteChangeSet',
      'ExecuteStackRefactor',
      'SetAlias',
      'SetStackPolicy',
      'UpdateStack',
      'UpdateTerminationProtection',
    ]) {
      const ours = arn('cloudformation', 'stack/IamDriftRemediator/4f8e');
      expect([action, may(administrator, `cloudformation:${action}`, ours)]).toEqual([action, false]);
      expect([action, may(deployer, `cloudformation:${action}`, ours)]).toEqual([action, true]);
      const others = arn('cloudformation', 'stack/Orders/4f8e');
      expect([action, may(administrator, `cloudformation:${action}`, others)]).toEqual([action, true]);
    }
  });

  // They know no resource.
  it('keeps policies for all logs to the administrator of trails', () => {
    for (const action of ['logs:PutAccountPolicy', 'logs:DeleteAccountPolicy']) {
      expect(may(administrator, action, '*')).toBe(false);
      expect(may(role('TRAIL_ADMINISTRATOR'), action, '*')).toBe(true);
    }
    expect(may(administrator, 'logs:PutRetentionPolicy', arn('logs', 'log-group:orders'))).toBe(true);
  });

  it('keeps what forwards events of other regions', () => {
    for (const [action, resource] of [
      ['cloudformation:DeleteStack', far('cloudformation', 'stack/IamDriftForwarding-eu-west-1/4f8e')],
      ['events:DisableRule', far('events', 'rule/IamDriftForwarding-eu-west-1-ekschanges-1A2B')],
      ['iam:DeleteRolePolicy', role('IamDriftRemediatorForwarding-eu-west-1')],
      ['sqs:SetQueueAttributes', far('sqs', 'IamDriftForwarding-eu-west-1-ekschangesdeadletters-1A2B')],
    ] as const) {
      expect([action, may(administrator, action, resource)]).toEqual([action, false]);
      expect([action, may(deployer, action, resource)]).toEqual([action, true]);
    }
  });

  it('lets nobody else drink from the queues that functions read, and people read dead letters', () => {
    for (const [id] of stack.resources('AWS::SQS::Queue')) {
      const queue = arn('sqs', physical(id));
      const isDeadLetters = /dead-?letters/i.test(id);
      for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']) {
        expect([action, id, may(administrator, action, queue)]).toEqual([action, id, isDeadLetters]);
        expect([action, id, may(ourselves, action, queue)]).toEqual([action, id, true]);
      }
      // A redrive sends them to the queue from which they came.
      expect(may(administrator, 'sqs:SendMessage', queue)).toBe(true);
    }
  });

  it('keeps function and queue together', () => {
    const mapping = arn('lambda', 'event-source-mapping:a1b2');
    const of = (name: string) => ({ 'lambda:FunctionArn': arn('lambda', `function:${name}`) });
    expect(may(administrator, 'lambda:DeleteEventSourceMapping', mapping, of('iam-drift-remediate'))).toBe(
      false,
    );
    expect(may(administrator, 'lambda:DeleteEventSourceMapping', mapping, of('orders'))).toBe(true);
  });

  it('keeps the ledger to ourselves, and trails to their administrator', () => {
    const ledger = arn('dynamodb', `table/${physical('Ledger')}`);
    for (const action of ['BatchWriteItem', 'DeleteItem', 'PartiQLInsert', 'StartBulkPutItems', 'UpdateItem'])
      expect([action, may(administrator, `dynamodb:${action}`, ledger)]).toEqual([action, false]);
    expect(may(administrator, 'dynamodb:Query', ledger)).toBe(true);
    expect(may(ourselves, 'dynamodb:UpdateItem', ledger)).toBe(true);
    const trail = arn('cloudtrail', 'trail/management-events');
    for (const action of ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'])
      expect(may(administrator, `cloudtrail:${action}`, trail)).toBe(false);
    expect(may(role('TRAIL_ADMINISTRATOR'), 'cloudtrail:StopLogging', trail)).toBe(true);
  });

  it('takes nothing from our functions that their roles give them', () => {
    for (const name of ['Remediate', 'Resync', 'Notify', 'Canary', 'Operator'])
      for (const { Effect, Action, Resource } of statementsOf(stack, `IamDriftRemediator${name}`))
        for (const action of Effect === 'Allow' ? Action : [])
          for (const resource of Resource)
            expect([action, resource, may(role(`IamDriftRemediator${name}`), action, resource)]).toEqual([
              action,
              resource,
              true,
            ]);
  });

  it('leaves everything else alone', () => {
    for (const [action, resource] of [
      ['lambda:DeleteFunction', arn('lambda', 'function:orders')],
      ['sqs:DeleteQueue', arn('sqs', 'orders')],
      ['iam:DeleteRole', role('orders')],
      ['events:DeleteRule', arn('events', 'rule/orders')],
      ['ssm:PutParameter', arn('ssm', 'parameter/orders')],
    ] as const)
      expect(may(administrator, action, resource)).toBe(true);
  });
});
