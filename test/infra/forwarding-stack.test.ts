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

const tamperSchema = z.object({
  detail: z.object({
    eventSource: z.array(z.string()),
    eventName: z.optional(z.array(z.string())),
    managementEvent: z.unknown(),
    requestParameters: z.optional(z.record(z.string(), z.unknown())),
  }),
});

/** An event for each form of each member that a tamper rule asks for, by each call. */
function examplesOf({
  eventSource,
  eventName = ['Anything'],
  requestParameters = {},
}: z.infer<typeof tamperSchema>['detail']): readonly JsonObject[] {
  const branches = z.parse(z.catch(z.array(z.unknown()), [requestParameters]), requestParameters['$or']);
  return eventSource.flatMap((source) =>
    eventName.flatMap((name) =>
      branches
        .flatMap((branch) => [...exampleParameters(branch)])
        .map((parameters) => call(`${source.replace('.amazonaws.com', '')}:${name}`, parameters)),
    ),
  );
}

const formSchema = z.union([
  z.pipe(
    z.string(),
    z.transform((text) => text),
  ),
  z.pipe(
    z.strictObject({ prefix: z.string() }),
    z.transform(({ prefix }) => `${prefix}x`),
  ),
  z.pipe(
    z.strictObject({ suffix: z.string() }),
    z.transform(({ suffix }) => `x${suffix}`),
  ),
  z.pipe(
    z.strictObject({ wildcard: z.string() }),
    z.transform(({ wildcard }) => wildcard.replaceAll('*', 'x')),
  ),
  z.pipe(
    z.strictObject({ exists: z.boolean() }),
    z.transform(({ exists }) => (exists ? 'x' : null)),
  ),
]);

function* exampleParameters(branch: unknown): Generator<JsonObject> {
  if (!z.safeParse(z.record(z.string(), z.unknown()), branch).success) return;
  const members = Object.entries(z.parse(z.record(z.string(), z.unknown()), branch));
  if (members.length === 0) yield {};
  for (const [member, asked] of members)
    if (Array.isArray(asked))
      for (const value of z.parse(z.array(formSchema), asked))
        yield value === null ? {} : { [member]: value };
    else for (const inner of exampleParameters(asked)) yield { [member]: inner };
}

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
      return text
        .replaceAll('AWS::StackName', 'IamDriftForwarding-eu-west-1')
        .replaceAll(
          'AWS::StackId',
          'arn:aws:cloudformation:eu-west-1:111122223333:stack/IamDriftForwarding-eu-west-1/4f8e',
        );
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

  it('is told at home of whatever its rules let through, in each form that they know', () => {
    const events = patternsThere
      .map((pattern) => tamperSchema.safeParse(JSON.parse(pattern)))
      .flatMap(({ data }) => (data === undefined ? [] : examplesOf(data.detail)));
    expect(events.length).toBeGreaterThan(50);
    const untold = events.filter((event) => (heard(event) ?? []).length === 0);
    expect(untold).toEqual([]);
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
