import { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { DriftRemediatorProps } from '../../infra/constructs/drift-remediator.ts';
import { DriftRemediatorStack } from '../../infra/drift-remediator-stack.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import { TAMPER_RULE_PREFIX } from '../../shared/eventbridge/tamper-watches.ts';
import type { JsonObject } from '../../shared/model.ts';
import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';
import { flatten } from './flatten.ts';
import { placeholders, type Resource, synthesise } from './synthesise.ts';

const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const stack = synthesise({
  notifications: { emails: ['platform@example.com'], slackSecretName: 'team/slack' },
  tampering: { emails: ['security@example.com'], keyArns: [keyArn] },
  canary: true,
});

const targetsSchema = z.array(
  z.object({
    Arn: z.string(),
    DeadLetterConfig: z.object({ Arn: z.string() }),
    InputTransformer: z.object({
      InputPathsMap: z.record(z.string(), z.string()),
      InputTemplate: z.string(),
    }),
  }),
);

const rules = [...stack.resources('AWS::Events::Rule').values()]
  .filter(({ Properties }) => String(Properties['Name']).startsWith(TAMPER_RULE_PREFIX))
  .map(({ Properties }) => ({
    name: String(Properties['Name']),
    pattern: flatten(Properties['EventPattern']),
    targets: z.parse(targetsSchema, flatten(Properties['Targets'])),
  }));

const [tamperTopic] = topicsNamed('iam-drift-remediator: tampering');
const [alarmTopic] = topicsNamed('iam-drift-remediator alarms');

function topicsNamed(displayName: string): readonly string[] {
  return [...stack.resources('AWS::SNS::Topic')]
    .filter(([, { Properties }]) => Properties['DisplayName'] === displayName)
    .map(([id]) => id);
}

function aStack(props: DriftRemediatorProps): DriftRemediatorStack {
  return new DriftRemediatorStack(new App(), 'Drift', { functionBundles: placeholders(), ...props });
}

function warnings(props: DriftRemediatorProps): number {
  return Annotations.fromStack(aStack(props)).findWarning('*', Match.stringLikeRegexp('nobody is told'))
    .length;
}

/** Topics that are told of this call. */
function told(call: string, requestParameters: JsonObject): ReadonlySet<string> {
  const [service = '', eventName = ''] = call.split(':');
  const event = {
    source: `aws.${service}`,
    detail: {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      requestParameters,
      managementEvent: true,
    },
  };
  return new Set(
    rules
      .filter(({ pattern }) => matchesEvent(pattern, event))
      .flatMap(({ targets }) => targets.map(({ Arn }) => Arn)),
  );
}

/** How each kind of resource is done away with; null for what has no call of its own that would blind us. */
const ends: Readonly<
  Record<string, ((id: string, resource: Resource) => readonly [call: string, says: JsonObject]) | null>
> = {
  'AWS::CloudWatch::Alarm': (_, { Properties }) => [
    'monitoring:DeleteAlarms',
    { alarmNames: [String(Properties['AlarmName'])] },
  ],
  'AWS::CloudWatch::Dashboard': null,
  'AWS::DynamoDB::Table': (id) => ['dynamodb:DeleteTable', { tableName: id }],
  'AWS::Events::Archive': (_, { Properties }) => [
    'events:DeleteArchive',
    { archiveName: String(Properties['ArchiveName']) },
  ],
  'AWS::Events::EventBus': (_, { Properties }) => [
    'events:DeleteEventBus',
    { name: String(Properties['Name']) },
  ],
  'AWS::Events::Rule': (id, { Properties }) => [
    'events:RemoveTargets',
    { rule: textOr(Properties['Name'], id), ids: ['Target0'] },
  ],
  'AWS::IAM::ManagedPolicy': (id) => ['iam:DeletePolicy', { policyArn: id }],
  'AWS::IAM::Role': (_, { Properties }) => [
    'iam:DeleteRolePolicy',
    { roleName: String(Properties['RoleName']), policyName: 'Own' },
  ],
  'AWS::Lambda::EventSourceMapping': (id) => ['lambda:DeleteEventSourceMapping20150331', { uUID: id }],
  'AWS::Lambda::Function': (_, { Properties }) => [
    'lambda:UpdateFunctionCode20150331v2',
    { functionName: String(Properties['FunctionName']) },
  ],
  'AWS::Lambda::Permission': null,
  'AWS::Logs::LogGroup': (id) => ['logs:DeleteLogGroup', { logGroupName: id }],
  'AWS::SNS::Subscription': (_, { Properties }) => [
    'sns:Unsubscribe',
    { subscriptionArn: `${String(flatten(Properties['TopicArn']))}:a1b2` },
  ],
  'AWS::SNS::Topic': (id) => ['sns:DeleteTopic', { topicArn: id }],
  'AWS::SNS::TopicPolicy': null,
  'AWS::SQS::Queue': (id) => [
    'sqs:DeleteQueue',
    { queueUrl: `https://sqs.us-east-1.amazonaws.com/111122223333/${String(nameOf(id))}` },
  ],
  'AWS::SQS::QueuePolicy': null,
  'AWS::SSM::Parameter': (id, { Properties }) => [
    'ssm:DeleteParameter',
    { name: textOr(Properties['Name'], id) },
  ],
  'AWS::Scheduler::Schedule': (id) => ['scheduler:DeleteSchedule', { name: id }],
};

const policySchema = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Action: z.unknown(),
        Resource: z.unknown(),
        Condition: z.optional(z.unknown()),
        Principal: z.unknown(),
      }),
    ),
  }),
});

/** What resource policies of this type let EventBridge do. */
function statementsFor(type: string) {
  return [...stack.resources(type).values()]
    .flatMap(({ Properties }) => z.parse(policySchema, flatten(Properties)).PolicyDocument.Statement)
    .filter(({ Principal }) => JSON.stringify(Principal) === '{"Service":"events.amazonaws.com"}');
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** What the patterns of this test hold for the name of a queue: its `flatten` makes an ARN of every attribute. */
function nameOf(id: string): unknown {
  return flatten({ 'Fn::GetAtt': [id, 'QueueName'] });
}

// What CloudFormation cuts the names that it makes to.
const longest = new Map([
  ['AWS::DynamoDB::Table', 255],
  ['AWS::Events::Rule', 64],
  ['AWS::IAM::ManagedPolicy', 128],
  ['AWS::Logs::LogGroup', 512],
  ['AWS::SNS::Topic', 256],
  ['AWS::SQS::Queue', 80],
  ['AWS::Scheduler::Schedule', 64],
]);
// What a reference to them is before their names.
const arnBefore = new Map([
  ['AWS::IAM::ManagedPolicy', 'arn:aws:iam::111122223333:policy/'],
  ['AWS::SNS::Topic', 'arn:aws:sns:us-east-1:111122223333:'],
]);

/** The pattern's text, as CloudFormation would fill it in for a stack whose name is as long as it can be. */
function withLongNames(pattern: unknown): string {
  const stackName = 'X'.repeat(128);
  let text = JSON.stringify(pattern)
    .replaceAll('AWS::StackName', stackName)
    .replaceAll(
      'AWS::StackId',
      `arn:aws:cloudformation:us-east-1:111122223333:stack/${stackName}/${'u'.repeat(36)}`,
    );
  for (const [id, { Type }] of Object.entries(stack.template.Resources)) {
    const name = `${stackName}-${id}-1A2B3C4D5E6F`.slice(0, longest.get(Type) ?? 64);
    if (Type === 'AWS::SQS::Queue') text = text.replaceAll(String(nameOf(id)), id);
    text = text.replaceAll(id, `${arnBefore.get(Type) ?? ''}${name}`);
  }
  return text;
}

describe('self-defence', () => {
  it('tells of the end of everything that the installation has, by a topic that is still there', () => {
    for (const [id, resource] of Object.entries(stack.template.Resources)) {
      // It is there to be changed.
      if (resource.Properties['RoleName'] === CANARY_ROLE_NAME) continue;
      const end = ends[resource.Type];
      expect(end, `no end of ${resource.Type} is known to this test`).not.toBeUndefined();
      if (end === undefined || end === null) continue;
      const topics = told(...end(id, resource));
      const isOfTamperTopic = JSON.stringify([id, resource.Properties['TopicArn']]).includes(
        String(tamperTopic),
      );
      expect([...topics], `${resource.Type} ${id}`).toContain(isOfTamperTopic ? alarmTopic : tamperTopic);
    }
  });

  it('tells of keys and secrets that it only uses, and of any trail', () => {
    expect([...told('kms:DisableKey', { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' })]).toEqual([
      tamperTopic,
    ]);
    expect([...told('secretsmanager:DeleteSecret', { secretId: 'team/slack' })]).toEqual([tamperTopic]);
    expect([...told('cloudtrail:StopLogging', { name: 'management-events' })]).toEqual([tamperTopic]);
  });

  it('tells of a report bus that it only uses', () => {
    const rulesOfAnother = synthesise({ reportBus: { existingName: 'reports' } }).resources(
      'AWS::Events::Rule',
    );
    const patterns = [...rulesOfAnother.values()]
      .filter(({ Properties }) => String(Properties['Name']).startsWith(TAMPER_RULE_PREFIX))
      .map(({ Properties }) => flatten(Properties['EventPattern']));
    const isTold = (eventName: string, requestParameters: JsonObject) =>
      patterns.some((pattern) =>
        matchesEvent(pattern, {
          source: 'aws.events',
          detail: { eventSource: 'events.amazonaws.com', eventName, requestParameters },
        }),
      );
    expect(isTold('DeleteEventBus', { name: 'reports' })).toBe(true);
    expect(isTold('PutPermission', { eventBusName: 'reports', policy: '{}' })).toBe(true);
    expect(isTold('PutPermission', { eventBusName: 'orders', policy: '{}' })).toBe(false);
  });

  it('tells of its own rules twice, by two rules and two topics', () => {
    for (const { name } of rules)
      expect(new Set(told('events:DisableRule', { name }))).toEqual(new Set([tamperTopic, alarmTopic]));
  });

  it('needs neither a function nor a queue in between', () => {
    for (const { targets } of rules)
      expect(targets.map(({ Arn }) => Arn)).toEqual([
        targets[0]?.Arn === alarmTopic ? alarmTopic : tamperTopic,
      ]);
  });

  it('keeps what it could not publish in a queue of dead letters', () => {
    const kept = new Set(
      rules.flatMap(({ targets }) => targets.map((target) => target.DeadLetterConfig.Arn)),
    );
    expect(kept.size).toBe(1);
  });

  it('says in words what was called, on what, by whom', () => {
    for (const { targets } of rules)
      for (const { InputTransformer } of targets) {
        const lines = InputTransformer.InputTemplate.split('\n');
        for (const line of lines) expect(JSON.parse(line)).toEqual(expect.any(String));
        expect(lines[0]).toContain('Somebody lays hands on');
        for (const path of ['eventName', 'userIdentity.arn', 'eventTime', 'errorCode'])
          expect(Object.values(InputTransformer.InputPathsMap)).toContain(`$.detail.${path}`);
        expect(JSON.stringify(InputTransformer.InputPathsMap)).toContain('$.detail.requestParameters.');
      }
  });

  it('lets EventBridge publish to its topics without asking for anything: to topics it does not say for which rule', () => {
    const statements = statementsFor('AWS::SNS::TopicPolicy');
    expect(new Set(statements.map(({ Resource }) => Resource))).toEqual(new Set([alarmTopic, tamperTopic]));
    for (const { Action, Condition } of statements)
      expect([Action, Condition]).toEqual(['sns:Publish', undefined]);
  });

  it('lets only rules of these names put what they could not publish into the queue of dead letters', () => {
    const [kept] = rules.map(({ targets }) => targets[0]?.DeadLetterConfig.Arn);
    const ofQueue = statementsFor('AWS::SQS::QueuePolicy').filter(({ Resource }) => Resource === kept);
    expect(ofQueue.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      [
        'sqs:SendMessage',
        {
          ArnLike: {
            'aws:SourceArn': `arn:aws:events:us-east-1:111122223333:rule/${TAMPER_RULE_PREFIX}*`,
          },
        },
      ],
    ]);
  });

  it('does not go with the stack by one call, where deletion protection is not switched off', () => {
    expect(aStack({}).terminationProtection).toBe(true);
    expect(aStack({ deletionProtection: false }).terminationProtection).toBe(false);
  });

  it('warns whoever has nobody told', () => {
    expect(warnings({ alarms: { topicArns: ['arn:aws:sns:us-east-1:111122223333:on-call'] } })).toBe(1);
    expect(warnings({ notifications: { emails: ['platform@example.com'] } })).toBe(0);
  });

  it('has patterns that EventBridge takes, with the longest name that a stack can have', () => {
    for (const { name, pattern } of rules) {
      const long = withLongNames(pattern);
      expect([name, long.length > 2048]).toEqual([name, false]);
      expect([name, matchesEvent(long, {})]).toEqual([name, false]);
    }
  });

  it('names each topic once', () => {
    const named = rules
      .filter(({ name }) => name.startsWith(`${TAMPER_RULE_PREFIX}topics`))
      .flatMap(({ pattern }) => [...JSON.stringify(pattern).matchAll(/"topicArn":\[([^\]]*)\]/g)])
      .flatMap(([, arns = '']) => arns.split(','));
    const topics = [...stack.resources('AWS::SNS::Topic').keys()].filter((id) => id !== tamperTopic);
    expect(named.sort()).toEqual(topics.map((id) => `"${id}"`).sort());
  });
});
