import { Arn, Aws, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';

import { ownRoleNames } from '../names.ts';
import { DeadLetterQueue } from './queue-with-dead-letters.ts';

/**
 * When every declared role is looked at: on a schedule, and after each deployment.
 *
 * A deployment is told by CloudFormation's own event. A custom resource would need one more function with permissions
 * of its own, could fail a deployment, and would run before the new code of other resources is in place. A first
 * deployment may end before its new rule matches; a schedule starts when it is made, so that one is covered, too.
 */
export class ResyncTriggers extends Construct {
  readonly scheduleDeadLetters: DeadLetterQueue;
  readonly deploymentDeadLetters: DeadLetterQueue;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly resync: LambdaFunction; readonly everyHours: number },
  ) {
    super(scope, id);
    this.scheduleDeadLetters = new DeadLetterQueue(this, 'ScheduleDeadLetters');
    this.deploymentDeadLetters = new DeadLetterQueue(this, 'DeploymentDeadLetters');
    this.#onSchedule(props.resync, props.everyHours);
    this.#afterDeployment(props.resync);
  }

  #onSchedule(resync: LambdaFunction, hours: number): void {
    const stack = Stack.of(this);
    const role = new Role(this, 'ScheduleRole', {
      roleName: ownRoleNames.schedule,
      description: 'iam-drift-remediator: starts the resync',
      // The group, not the schedule: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Aws.ACCOUNT_ID,
            'aws:SourceArn': Arn.format(
              { service: 'scheduler', resource: 'schedule-group', resourceName: 'default' },
              stack,
            ),
          },
        },
      }),
      inlinePolicies: {
        Own: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'StartResync',
              effect: Effect.ALLOW,
              actions: ['lambda:InvokeFunction'],
              resources: [resync.functionArn],
            }),
            new PolicyStatement({
              sid: 'KeepWhatFailed',
              effect: Effect.ALLOW,
              actions: ['sqs:SendMessage'],
              resources: [this.scheduleDeadLetters.queueArn],
            }),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      description: 'Looks at every declared role',
      scheduleExpression: `rate(${hours} ${hours === 1 ? 'hour' : 'hours'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: resync.functionArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: this.scheduleDeadLetters.queueArn },
      },
    });
  }

  #afterDeployment(resync: LambdaFunction): void {
    new Rule(this, 'Deployment', {
      description: 'Looks at every declared role after each deployment of this stack',
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/eventbridge-events.html
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [Aws.STACK_ID],
          'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] },
        },
      },
      targets: [new LambdaTarget(resync, { deadLetterQueue: this.deploymentDeadLetters })],
    });
  }
}
