import { Arn, Aws, Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { CfnRole, Effect, ManagedPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

import { CANARY_ROLE_NAME, canaryTrustPolicy } from '../../shared/spec/canary.ts';
import { CANARY_BOUNDARY_NAME, ownRoleNames } from '../names.ts';
import { BundledFunction, type CommonFunctionProps } from './bundled-function.ts';
import { DeadLetterQueue } from './queue-with-dead-letters.ts';

// Its change stands for seconds, so it is never the third drift of one role within a quarter of an hour.
const EVERY = Duration.minutes(30);

/** The canary role, which can do nothing, and the function that changes it and can do nothing else. */
export class Canary extends BundledFunction {
  readonly scheduleDeadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: CommonFunctionProps) {
    super(scope, id, {
      ...props,
      function: 'canary',
      description: 'Changes the canary role and measures how long that stands',
      timeout: Duration.minutes(5),
      memoryMegabytes: 256,
      environment: {
        OWN_ROLE_ARN: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${ownRoleNames.canary}`,
      },
      statements: [
        new PolicyStatement({
          sid: 'ChangeTheCanary',
          effect: Effect.ALLOW,
          actions: ['iam:GetRole', 'iam:UpdateAssumeRolePolicy'],
          resources: [
            Arn.format(
              { service: 'iam', region: '', resource: 'role', resourceName: CANARY_ROLE_NAME },
              Stack.of(scope),
            ),
          ],
        }),
      ],
    });
    const boundary = new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: CANARY_BOUNDARY_NAME,
      description: 'iam-drift-remediator: the canary role can do nothing, whatever is attached to it',
      document: new PolicyDocument({
        statements: [
          new PolicyStatement({ sid: 'Nothing', effect: Effect.DENY, actions: ['*'], resources: ['*'] }),
        ],
      }),
    });
    // CDK's own role would want somebody who may assume it.
    const role = new CfnRole(this, 'CanaryRole', {
      roleName: CANARY_ROLE_NAME,
      description:
        'iam-drift-remediator: changed on a schedule to see that it is put back; it can do nothing',
      assumeRolePolicyDocument: canaryTrustPolicy,
      permissionsBoundary: boundary.managedPolicyArn,
    });
    this.function.node.addDependency(role);
    this.scheduleDeadLetters = new DeadLetterQueue(this, 'ScheduleDeadLetters');
    new Rule(this, 'Schedule', {
      description: 'Changes the canary role, to see that it is put back',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaTarget(this.function, { deadLetterQueue: this.scheduleDeadLetters })],
    });
  }
}
