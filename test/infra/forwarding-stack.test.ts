import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';

import * as z from 'zod/mini';

import { addForwardingStacks } from '../../infra/forwarding-stack.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import type { JsonObject } from '../../shared/model.ts';
import { flatten } from './flatten.ts';
import { specFile, synthesise } from './synthesise.ts';

const shop = { cluster: 'shop', namespace: 'default', serviceAccount: 'checkout' };
const specWith = (...associations: readonly object[]) =>
  specFile(JSON.stringify({ version: 1, roles: [{ name: 'app', podIdentityAssociations: associations }] }));
const stacksFor = (...associations: readonly object[]) => {
  const app = new App({ analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return addForwardingStacks(app, 'IamDriftForwarding', { specFile: specWith(...associations) });
};

describe('forwarding of regional events', () => {
  it('is set up in each region of a declared cluster, the home region aside', () => {
    const stacks = stacksFor(
      { ...shop, region: 'eu-west-1' },
      { ...shop, region: 'us-east-1' },
      { ...shop, region: 'ap-southeast-2' },
      { ...shop, cluster: 'other' },
    );
    expect(stacks.map(({ region }) => region)).toEqual(['ap-southeast-2', 'eu-west-1']);
  });

  it('sends what the rule of the home region asks for to the default bus there', () => {
    const [stack] = stacksFor({ ...shop, region: 'eu-west-1' });
    if (stack === undefined) throw new Error('no stack');
    const rules = Template.fromStack(stack).findResources('AWS::Events::Rule', {
      Properties: { EventPattern: { source: ['aws.eks'] } },
    });
    expect(Object.values(rules)).toMatchObject([
      {
        Properties: {
          EventPattern: {
            source: ['aws.eks'],
            detail: {
              eventSource: ['eks.amazonaws.com'],
              eventName: [
                'CreatePodIdentityAssociation',
                'DeletePodIdentityAssociation',
                'UpdatePodIdentityAssociation',
              ],
            },
          },
        },
      },
    ]);
    expect(JSON.stringify(rules)).toContain(':event-bus/default');
    expect(JSON.stringify(rules)).toContain(':events:us-east-1:');
    expect(JSON.stringify(rules)).toContain('DeadLetterConfig');
  });

  it('is nothing where no cluster names another region', () => {
    expect(stacksFor(shop)).toEqual([]);
  });
});

const ruleSchema = z.object({
  Properties: z.object({
    Name: z.optional(z.unknown()),
    EventPattern: z.unknown(),
    Targets: z.array(z.object({ Arn: z.unknown(), RoleArn: z.optional(z.unknown()) })),
  }),
});

const call = (name: string, requestParameters: JsonObject): JsonObject => {
  const [service = '', eventName = ''] = name.split(':');
  return {
    source: `aws.${service}`,
    detail: {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      requestParameters,
      managementEvent: true,
    },
  };
};

describe('forwarding defends itself', () => {
  const clusters = { ...shop, region: 'eu-west-1' };
  const [far] = stacksFor(clusters);
  if (far === undefined) throw new Error('no stack');
  const template = Template.fromStack(far);
  const home = synthesise({
    specFile: specWith(clusters),
    notifications: { emails: ['platform@example.com'] },
  });
  // As CloudFormation makes them.
  const named = (type: string) =>
    Object.keys(template.findResources(type)).map(
      (id) => [id, `IamDriftForwarding-eu-west-1-${id}-1A2B`] as const,
    );

  /** As CloudFormation would fill them in. */
  const patternsThere = Object.values(template.findResources('AWS::Events::Rule'))
    .map((rule) => z.parse(ruleSchema, rule).Properties)
    .map(({ EventPattern }) => {
      let text = JSON.stringify(flatten(EventPattern)).replaceAll(/arn:aws:own:[^"]*:/g, '');
      for (const [id, name] of [...named('AWS::Events::Rule'), ...named('AWS::SQS::Queue')])
        text = text.replaceAll(id, name);
      return text.replaceAll('AWS::StackName', 'IamDriftForwarding-eu-west-1');
    });
  const rulesAtHome = [...home.resources('AWS::Events::Rule').values()]
    .map((rule) => z.parse(ruleSchema, rule).Properties)
    .map(({ EventPattern, Targets }) => ({ pattern: flatten(EventPattern), targets: flatten(Targets) }));
  const topics = new Map(
    [...home.resources('AWS::SNS::Topic')].map(([id, { Properties }]) => [
      String(Properties['DisplayName']),
      id,
    ]),
  );

  /** The displayed names of the topics that hear of an event of that region; null if it is not forwarded. */
  function heard(event: JsonObject): readonly string[] | null {
    const envelope = { region: 'eu-west-1', ...event };
    if (!patternsThere.some((pattern) => matchesEvent(pattern, envelope))) return null;
    return [...topics]
      .filter(([, id]) =>
        rulesAtHome.some(
          ({ pattern, targets }) =>
            matchesEvent(pattern, envelope) && JSON.stringify(targets).includes(`"Arn":"${id}"`),
        ),
      )
      .map(([name]) => name)
      .sort();
  }

  const tampering = 'iam-drift-remediator: tampering';
  const alarms = 'iam-drift-remediator alarms';

  it('is told at home when its rules, queues or stack are touched', () => {
    for (const [id, { Properties }] of Object.entries(template.findResources('AWS::Events::Rule'))) {
      const given = z.parse(z.object({ Name: z.optional(z.string()) }), Properties).Name;
      const name = given ?? `IamDriftForwarding-eu-west-1-${id}-1A2B`;
      expect([name, heard(call('events:DisableRule', { name }))]).toEqual([
        name,
        given?.startsWith('iam-drift-tampering-') ? [alarms, tampering] : [tampering],
      ]);
    }
    for (const [, name] of named('AWS::SQS::Queue'))
      expect(
        heard(
          call('sqs:DeleteQueue', { queueUrl: `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}` }),
        ),
      ).toEqual([tampering]);
    expect(heard(call('cloudformation:DeleteStack', { stackName: 'IamDriftForwarding-eu-west-1' }))).toEqual([
      tampering,
    ]);
    expect(heard(call('cloudtrail:StopLogging', { name: 'management-events' }))).toEqual([tampering]);
    expect(heard(call('events:UpdateEventBus', { name: 'default' }))).toEqual([tampering]);
    expect(heard(call('events:DisableRule', { name: 'orders' }))).toBeNull();
  });

  it('cannot be silenced by the rule that tells: each is watched by another one', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule'))) {
      const { Name: name } = z.parse(z.object({ Name: z.optional(z.string()) }), Properties);
      if (name?.startsWith('iam-drift-tampering-') !== true) continue;
      const others = patternsThere.filter((pattern) =>
        matchesEvent(pattern, call('events:DisableRule', { name })),
      );
      expect([name, others.length]).toEqual([name, 2]);
    }
  });

  it('tells of its role where calls of IAM arrive', () => {
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    const roleName = z.parse(z.object({ Properties: z.object({ RoleName: z.string() }) }), role).Properties
      .RoleName;
    expect(roleName).toBe('IamDriftRemediatorForwarding-eu-west-1');
    expect(Object.keys(template.findResources('AWS::IAM::Role')).length).toBe(1);
    expect(
      rulesAtHome.some(({ pattern }) => matchesEvent(pattern, call('iam:DeleteRolePolicy', { roleName }))),
    ).toBe(true);
  });

  it('has an alarm for what could not be forwarded, which is told at home', () => {
    const names = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      (alarm) =>
        z.parse(z.object({ Properties: z.object({ AlarmName: z.string() }) }), alarm).Properties.AlarmName,
    );
    expect(names.length).toBe(Object.keys(template.findResources('AWS::SQS::Queue')).length);
    for (const alarmName of names)
      expect(
        heard({
          source: 'aws.cloudwatch',
          detail: { alarmName, state: { value: 'ALARM', reason: 'crossed' } },
        }),
      ).toEqual([alarms]);
    expect(
      heard({ source: 'aws.cloudwatch', detail: { alarmName: 'orders-errors', state: { value: 'ALARM' } } }),
    ).toBeNull();
  });

  it('has patterns that EventBridge takes, there and at home', () => {
    for (const pattern of [...patternsThere, ...rulesAtHome.map((rule) => rule.pattern)]) {
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
      expect(matchesEvent(pattern, {})).toBe(false);
    }
  });

  it('does not go by one call, and asks home for nothing where there is no other region', () => {
    expect(far.terminationProtection).toBe(true);
    expect(JSON.stringify(synthesise().template)).not.toContain('IamDriftForwarding');
  });
});
