import { Arn, Aws, Stack, Token } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnArchive, CfnEventBus, CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct, IConstruct } from 'constructs';

import type { OwnResources } from '../shared/eventbridge/tamper-watches.ts';
import { CANARY_ROLE_NAME } from '../shared/spec/canary.ts';
import { ALARM_PREFIX, ownRoleNames } from './names.ts';

const ref = (resource: { readonly ref: string }) => resource.ref;

/** All that stands below this construct by now, however it came there: what is added later to the code is found, too. */
export function ownResources(scope: Construct): Omit<OwnResources, 'rolePrefixes' | 'secrets' | 'keys'> {
  const all = scope.node.findAll();
  const of = <Type extends IConstruct, Value>(
    type: abstract new (...args: never[]) => Type,
    value: (resource: Type) => Value,
  ): readonly Value[] =>
    all.filter((construct): construct is Type => construct instanceof type).map((found) => value(found));
  const roles = of(CfnRole, ({ roleName, ref: generated }) => given(roleName) ?? generated);
  const roleArn = (name: string) =>
    Arn.format({ service: 'iam', region: '', resource: 'role', resourceName: name }, Stack.of(scope));
  return {
    eventRules: of(CfnRule, ({ name, ref: generated }) => given(name) ?? generated),
    eventBuses: of(CfnEventBus, ({ name, ref: generated }) => given(name) ?? generated),
    archives: of(CfnArchive, ({ archiveName, ref: generated }) => given(archiveName) ?? generated),
    schedules: of(CfnSchedule, ref),
    queues: of(CfnQueue, ({ attrQueueName }) => attrQueueName),
    topics: of(CfnTopic, ref),
    functions: of(CfnFunction, ({ functionName, ref: generated }) => given(functionName) ?? generated),
    eventSourceMappings: of(CfnEventSourceMapping, ref),
    // The canary role is there to be changed.
    roles: roles.filter((name) => name !== CANARY_ROLE_NAME),
    canary: roles.includes(CANARY_ROLE_NAME)
      ? {
          roleName: CANARY_ROLE_NAME,
          changedBy: [ownRoleNames.canary, ownRoleNames.remediate].map(roleArn),
        }
      : null,
    policies: of(CfnManagedPolicy, ref),
    tables: of(CfnTable, ({ ref: name, attrArn }) => ({ name, arn: attrArn })),
    parameters: of(CfnParameter, ({ name, ref: generated }) => given(name) ?? generated),
    logGroups: of(CfnLogGroup, ref),
    alarmPrefix: ALARM_PREFIX,
    stack: { name: Aws.STACK_NAME, arn: Aws.STACK_ID },
  };
}

// CDK has a token for the name in any case; where none was given, it stands for nothing.
function given(name: string | undefined): string | null {
  return name === undefined || Token.isUnresolved(name) ? null : name;
}
