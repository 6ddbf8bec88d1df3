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
        Condition: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
      }),
    ),
  }),
  JSON.parse(text),
);
const everything: PolicyStatement = { Sid: '', Effect: 'Allow', Action: ['*'], Resource: ['*'] };

const account = '111122223333';
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;

const administrator = role('Administrator');
const deployer = role(`cdk-hnb659fds-cfn-exec-role-${account}-us-east-1`);
const ourselves = role('IamDriftRemediatorRemediate');

/** Whether an administrator's permissions are enough under the SCP. */
function may(principal: string, action: string, resource: string, context = {}): boolean {
  return isAllowed([everything, ...document.Statement], {
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
    ['cloudwatch:DeleteAlarms', 'cloudwatch:DisableAlarmActions'],
    (id, alarm) => arn('cloudwatch', `alarm:${given(alarm, 'AlarmName', id)}`),
  ],
  'AWS::DynamoDB::Table': [
    ['dynamodb:DeleteTable', 'dynamodb:UpdateTimeToLive', 'dynamodb:PutResourcePolicy'],
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
    ['logs:DeleteLogGroup', 'logs:PutRetentionPolicy'],
    (id) => arn('logs', `log-group:${physical(id)}`),
  ],
  'AWS::SNS::Subscription': [
    ['sns:Unsubscribe', 'sns:SetSubscriptionAttributes'],
    (id) => arn('sns', `${physical('Topic')}:${id}`),
  ],
  'AWS::SNS::Topic': [
    ['sns:DeleteTopic', 'sns:SetTopicAttributes', 'sns:RemovePermission'],
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
    expect(may(administrator, 'dynamodb:UpdateItem', ledger)).toBe(false);
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
