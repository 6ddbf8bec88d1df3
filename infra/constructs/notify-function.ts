import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { BundledFunction, type CommonFunctionProps, consumeStatement } from './bundled-function.ts';

export interface NotifyFunctionProps extends CommonFunctionProps {
  readonly reports: IQueue;
  readonly topic: ITopic;
  /** null: no Slack. */
  readonly slackSecretName: string | null;
}

const MOST_BATCHES = 2;

/** The function that tells people of drift. It may not touch IAM. */
export class NotifyFunction extends BundledFunction {
  static readonly timeout = Duration.seconds(30);

  constructor(scope: Construct, id: string, props: NotifyFunctionProps) {
    const { reports, topic, slackSecretName } = props;
    super(scope, id, {
      ...props,
      function: 'notify',
      description: 'Tells people of drift',
      timeout: NotifyFunction.timeout,
      memoryMegabytes: 256,
      environment: {
        TOPIC_ARN: topic.topicArn,
        ...(slackSecretName === null ? {} : { SLACK_SECRET_NAME: slackSecretName }),
      },
      statements: [
        consumeStatement(reports),
        new PolicyStatement({
          sid: 'Publish',
          effect: Effect.ALLOW,
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
        }),
        ...(slackSecretName === null ? [] : [readSecret(scope, slackSecretName)]),
      ],
    });
    this.consume('FromReports', reports, { batchSize: 10, most: MOST_BATCHES });
  }
}

// Secrets Manager adds a hyphen and six characters of its own to the name:
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
function readSecret(scope: Construct, name: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadSlackSecret',
    effect: Effect.ALLOW,
    actions: ['secretsmanager:GetSecretValue'],
    resources: [
      Arn.format(
        {
          service: 'secretsmanager',
          resource: 'secret',
          resourceName: `${name}-??????`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        },
        Stack.of(scope),
      ),
    ],
  });
}
