import { Aws, Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { isPattern } from '../../shared/spec/role-name-pattern.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import { acknowledge } from './acknowledge.ts';
import { BundledFunction, type CommonFunctionProps } from './bundled-function.ts';
import { SPEC_FILE, specFiles } from './bundled-spec.ts';

export interface ResyncFunctionProps extends CommonFunctionProps {
  readonly spec: Spec;
  readonly resyncs: IQueue;
  /** Where invocations end that Lambda has tried three times. */
  readonly deadLetters: IQueue;
}

/** The function that sends every declared role to be looked at. It lists roles where the spec has patterns. */
export class ResyncFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: ResyncFunctionProps) {
    const { spec, resyncs, deadLetters } = props;
    const listsRoles = spec.roles.some(({ name }) => isPattern(name));
    super(scope, id, {
      ...props,
      function: 'resync',
      description: 'Sends every declared IAM role to be looked at',
      // 10,000 roles are ten pages of IAM's and a thousand batches of SQS's.
      timeout: Duration.minutes(5),
      memoryMegabytes: 256,
      files: specFiles(spec),
      environment: {
        ACCOUNT_ID: Aws.ACCOUNT_ID,
        PARTITION: Aws.PARTITION,
        RESYNC_QUEUE_URL: resyncs.queueUrl,
        SPEC_FILE,
      },
      statements: [
        new PolicyStatement({
          sid: 'Send',
          effect: Effect.ALLOW,
          actions: ['sqs:SendMessage'],
          resources: [resyncs.queueArn, deadLetters.queueArn],
        }),
        ...(listsRoles
          ? [
              new PolicyStatement({
                sid: 'ListRoles',
                effect: Effect.ALLOW,
                actions: ['iam:ListRoles'],
                // It knows no narrower resource:
                // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
                resources: ['*'],
              }),
            ]
          : []),
      ],
      asynchronousDeadLetters: deadLetters,
    });
    if (listsRoles)
      acknowledge(
        this,
        'AwsSolutions-IAM5[Resource::*]',
        'iam:ListRoles knows no narrower resource; it only reads.',
      );
  }
}
