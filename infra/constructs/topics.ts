import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** A topic that people subscribe to by e-mail. By TLS only. */
export class EmailTopic extends Topic {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly displayName: string; readonly emails: readonly string[] },
  ) {
    super(scope, id, { displayName: props.displayName, enforceSSL: true });
    for (const email of props.emails) this.addSubscription(new EmailSubscription(email));
  }
}

/** A topic that CloudWatch may publish this account's alarms to. */
export class AlarmTopic extends EmailTopic {
  constructor(scope: Construct, id: string, props: { readonly emails: readonly string[] }) {
    super(scope, id, { displayName: 'iam-drift-remediator alarms', emails: props.emails });
    const stack = Stack.of(this);
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudWatchAlarms',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': Arn.format(
              {
                service: 'cloudwatch',
                resource: 'alarm',
                resourceName: '*',
                arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              },
              stack,
            ),
          },
        },
      }),
    );
  }
}
