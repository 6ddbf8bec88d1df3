import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { functionNames, ownRoleNames } from '../../infra/names.ts';
import { readSpec } from '../../infra/read-spec.ts';
import { aspects } from '../../shared/aspects/index.ts';
import { readBundledSpec } from '../../shared/bundled-spec.ts';
import { eventRules } from '../../shared/eventbridge/rules.ts';
import { TAMPER_RULE_PREFIX } from '../../shared/eventbridge/tamper-watches.ts';
import { isProtectedRoleName } from '../../shared/spec/protected-roles.ts';
import { flatten } from './flatten.ts';
import { type Resource, synthesise } from './synthesise.ts';

// One for all: cdk-nag and CloudFormation's validator run in it, as errors.
const stack = synthesise();

// The canary is there only when it is asked for, and has a test of its own.
const { canary: _, ...deployed } = functionNames;
const { canary: __, ...ownRoles } = ownRoleNames;

const queues = stack.resources('AWS::SQS::Queue');
const functions = stack.resources('AWS::Lambda::Function');
const mappings = [...stack.resources('AWS::Lambda::EventSourceMapping').values()];
const allRules = [...stack.resources('AWS::Events::Rule').values()];
// Those that tell of tampering have a test of their own.
const rules = allRules.filter(({ Properties }) => !String(Properties['Name']).startsWith(TAMPER_RULE_PREFIX));

const arn = z.pipe(
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  z.transform((value) => value['Fn::GetAtt'][0]),
);
const redrive = z.object({ deadLetterTargetArn: arn, maxReceiveCount: z.int() });
const deadLetterConfig = z.object({ Arn: arn });
const deadLetterTargets = z.array(z.object({ DeadLetterConfig: deadLetterConfig }));
const targets = z.array(z.object({ Arn: arn, DeadLetterConfig: deadLetterConfig }));

describe('the stack', () => {
  it('is what reviewers saw', async () => {
    await expect(`${JSON.stringify(stack.template, null, 1)}\n`).toMatchFileSnapshot(
      './iam-drift-remediator.template.snap',
    );
  });

  it('runs no code but the three functions', () => {
    expect(
      [...functions.values()].map(({ Properties }) => String(Properties['FunctionName'])).sort(),
    ).toEqual(Object.values(deployed).sort());
    const types = new Set(Object.values(stack.template.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => /Custom/.test(type))).toEqual([]);
  });

  it('names no account', () => {
    expect(JSON.stringify(stack.template).match(/\b\d{12}\b/g)).toBeNull();
  });
});

describe('events', () => {
  it('reach the queue of changes by one rule for each source of the triggers', () => {
    const onDefaultBus = rules.filter(
      ({ Properties: { EventBusName, EventPattern } }) =>
        EventBusName === undefined && !JSON.stringify(EventPattern).includes('aws.cloudformation'),
    );
    expect(onDefaultBus.map(({ Properties }) => Properties['EventPattern'])).toEqual(
      eventRules(aspects).map(({ pattern }) => pattern),
    );
    expect(onDefaultBus.map(({ Properties }) => Properties['State'])).toEqual(
      onDefaultBus.map(() => 'ENABLED'),
    );
  });

  it('that reach no target end in a dead-letter queue of the rule’s own', () => {
    const own = rules.flatMap(({ Properties }) =>
      z.parse(targets, Properties['Targets']).map(({ DeadLetterConfig }) => DeadLetterConfig.Arn),
    );
    expect(new Set(own).size).toBe(rules.length);
  });

  it('of the bus of reports name it by its literal name, after it was made', () => {
    const [rule] = rules.filter(({ Properties }) => Properties['EventBusName'] !== undefined);
    expect(rule?.Properties['EventBusName']).toBe('iam-drift');
    expect([...stack.resources('AWS::Events::EventBus').keys()]).toEqual(rule?.['DependsOn']);
  });
});

describe('queues', () => {
  it('are encrypted and spoken to by TLS only', () => {
    const insecure = z.looseObject({
      Statement: z.array(z.looseObject({ Effect: z.string(), Condition: z.unknown() })),
    });
    for (const { Properties } of queues.values()) expect(Properties['SqsManagedSseEnabled']).toBe(true);
    const policies = [...stack.resources('AWS::SQS::QueuePolicy').values()];
    expect(policies.length).toBe(queues.size);
    for (const { Properties } of policies)
      expect(z.parse(insecure, Properties['PolicyDocument']).Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
  });

  it('before a function give up after five receives, and wait six times as long as it may run', () => {
    expect(mappings.length).toBe(3);
    for (const { Properties } of mappings) {
      const queue = queues.get(z.parse(arn, Properties['EventSourceArn']))?.Properties ?? {};
      const lambda = functions.get(z.parse(z.object({ Ref: z.string() }), Properties['FunctionName']).Ref);
      expect(z.parse(redrive, queue['RedrivePolicy']).maxReceiveCount).toBe(5);
      expect(Number(queue['VisibilityTimeout'])).toBeGreaterThanOrEqual(
        6 * Number(lambda?.Properties['Timeout']),
      );
    }
  });

  it('keep dead letters for longer than the queue before them', () => {
    for (const { Properties } of queues.values()) {
      const policy = redrive.safeParse(Properties['RedrivePolicy']);
      if (!policy.success) continue;
      const deadLetters = queues.get(policy.data.deadLetterTargetArn)?.Properties ?? {};
      expect(Number(deadLetters['MessageRetentionPeriod'])).toBeGreaterThan(
        Number(Properties['MessageRetentionPeriod']),
      );
    }
  });

  it('feed functions some batches at a time, which may succeed in part', () => {
    for (const { Properties } of mappings) {
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      expect(Properties).toHaveProperty('ScalingConfig.MaximumConcurrency');
    }
  });
});

describe('functions', () => {
  it('are told what they ask for', () => {
    for (const [name, functionName] of Object.entries(deployed)) {
      const source = readFileSync(`functions/${name}/handler.ts`, 'utf8');
      const asked = [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)].map(([, variable]) => variable);
      expect(asked.length).toBeGreaterThan(0);
      expect(Object.keys(environmentOf(functionNamed(functionName)))).toEqual(expect.arrayContaining(asked));
    }
  });

  it('run on Node 24, arm64', () => {
    for (const { Properties } of functions.values())
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
  });

  it('have the spec beside them where they are told that it is', () => {
    expect(environmentOf(functionNamed(functionNames.remediate))['SPEC_FILE']).toBe('/var/task/spec.json');
    const specs = readdirSync(stack.assembly, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('spec.json'),
    );
    expect(specs.length).toBe(2);
    for (const file of specs)
      expect(readBundledSpec(join(stack.assembly, file))).toEqual(readSpec('infra/spec/roles.yaml', null));
  });

  it('run with roles that no spec may declare', () => {
    const names = [...stack.resources('AWS::IAM::Role').values()].map(
      ({ Properties }) => Properties['RoleName'],
    );
    expect(names.map(String).sort()).toEqual(Object.values(ownRoles).sort());
    for (const name of Object.values(ownRoleNames)) expect(isProtectedRoleName(name)).not.toBeNull();
  });
});

describe('the ledger', () => {
  it('outlives the stack, can be restored, and forgets by itself', () => {
    const [table] = stack.resources('AWS::DynamoDB::Table').values();
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        KeySchema: [
          { AttributeName: 'role', KeyType: 'HASH' },
          { AttributeName: 'incidentId', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
  });
});

describe('the resync', () => {
  it('starts on a schedule and after each deployment of this stack', () => {
    const [schedule] = stack.resources('AWS::Scheduler::Schedule').values();
    expect(schedule?.Properties['ScheduleExpression']).toBe('rate(1 hour)');
    const afterDeployment = rules.map(({ Properties }) => Properties['EventPattern']);
    expect(afterDeployment).toContainEqual({
      source: ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      detail: {
        'stack-id': [{ Ref: 'AWS::StackId' }],
        'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] },
      },
    });
  });
});

describe('alarms', () => {
  const alarms = [...stack.resources('AWS::CloudWatch::Alarm').values()];

  const silence = (meaning: string) =>
    alarms
      .filter(({ Properties }) => Properties['TreatMissingData'] === meaning)
      .map(({ Properties }) => String(Properties['AlarmName']));

  it('go off for each queue of dead letters that is not empty', () => {
    const deadLetterQueues = new Set([
      ...[...queues.values()].flatMap(({ Properties }) => {
        const policy = redrive.safeParse(Properties['RedrivePolicy']);
        return policy.success ? [policy.data.deadLetterTargetArn] : [];
      }),
      ...allRules.flatMap(({ Properties }) =>
        z.parse(deadLetterTargets, Properties['Targets']).map(({ DeadLetterConfig }) => DeadLetterConfig.Arn),
      ),
      ...[...stack.resources('AWS::Scheduler::Schedule').values()].map(
        ({ Properties }) =>
          z.parse(z.object({ DeadLetterConfig: deadLetterConfig }), Properties['Target']).DeadLetterConfig
            .Arn,
      ),
      ...[...functions.values()].flatMap(({ Properties }) => {
        const config = z.safeParse(z.object({ TargetArn: arn }), Properties['DeadLetterConfig']);
        return config.success ? [config.data.TargetArn] : [];
      }),
    ]);
    const watched = alarms
      .filter(
        ({ Properties }) =>
          Properties['MetricName'] === 'ApproximateNumberOfMessagesVisible' &&
          Properties['Threshold'] === 0 &&
          Properties['ComparisonOperator'] === 'GreaterThanThreshold',
      )
      .map(queueOfAlarm);
    expect(watched.sort()).toEqual([...deadLetterQueues].sort());
    expect(deadLetterQueues.size).toBe(queues.size - mappings.length);
  });

  it('go off for messages that wait, errors, throttles, refused changes and a missing resync', () => {
    const names = alarms.map(({ Properties }) => Properties['AlarmName']);
    expect(names).toEqual(
      expect.arrayContaining(
        [
          'changes-waiting',
          'resyncs-waiting',
          'reports-waiting',
          ...['remediate', 'resync', 'notify'].flatMap((name) => [`${name}-errors`, `${name}-throttles`]),
          'failed-changes',
          'no-resync',
        ].map((name) => `iam-drift-${name}`),
      ),
    );
  });

  it('take silence for trouble where news is asked for, and for no news of dead letters', () => {
    expect(silence('breaching')).toEqual(['iam-drift-no-resync']);
    expect(silence('ignore').length).toBe(queues.size - mappings.length);
    expect(silence('ignore').filter((name) => !name.endsWith('-dead-letters'))).toEqual([]);
  });

  it('watch metrics that the functions write', () => {
    const sources = ['remediate', 'resync'].map((name) =>
      readdirSync(`functions/${name}`)
        .map((file) => readFileSync(`functions/${name}/${file}`, 'utf8'))
        .join('\n'),
    );
    const own = alarms.filter(({ Properties }) => Properties['Namespace'] === 'IamDriftRemediator');
    expect(own.length).toBe(2);
    for (const { Properties } of own)
      expect(sources.join('\n')).toContain(`'${String(Properties['MetricName'])}'`);
  });

  it('and their end reach a topic that CloudWatch may publish to', () => {
    for (const { Properties } of alarms) {
      expect(Properties['AlarmActions']).toEqual(Properties['OKActions']);
      expect(z.parse(z.array(z.object({ Ref: z.string() })), Properties['AlarmActions']).length).toBe(1);
    }
    const [action] = z.parse(z.array(z.object({ Ref: z.string() })), alarms[0]?.Properties['AlarmActions']);
    const topic = stack.resources('AWS::SNS::Topic').get(action?.Ref ?? '');
    expect(topic?.Properties['KmsMasterKeyId']).toBeUndefined();
    const policies = JSON.stringify(flatten([...stack.resources('AWS::SNS::TopicPolicy').values()]));
    expect(policies).toContain(
      `"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Resource":"${action?.Ref}"`,
    );
  });
});

function functionNamed(name: string): Resource | undefined {
  return [...functions.values()].find(({ Properties }) => Properties['FunctionName'] === name);
}

function environmentOf(lambda: Resource | undefined): Readonly<Record<string, unknown>> {
  const schema = z.object({ Variables: z.record(z.string(), z.unknown()) });
  return z.parse(schema, lambda?.Properties['Environment']).Variables;
}

function queueOfAlarm({ Properties }: Resource): string {
  const name = z.object({
    Value: z.pipe(
      z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('QueueName')]) }),
      z.transform((value) => value['Fn::GetAtt'][0]),
    ),
  });
  return z.parse(z.tuple([name]), Properties['Dimensions'])[0].Value;
}
