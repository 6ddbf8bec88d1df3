import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { Duration } from 'aws-cdk-lib';
import { Alarm, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

import { FORWARDING_ALARM_PREFIX } from '../names.ts';
import type { DeadLetterQueue } from './queue-with-dead-letters.ts';

/**
 * What CloudWatch says when such an alarm goes off or is over:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const forwardingAlarms: EventPattern = {
  source: ['aws.cloudwatch'],
  detail: { alarmName: [{ prefix: FORWARDING_ALARM_PREFIX }], state: { value: ['ALARM', 'OK'] } },
};

/** An alarm without an action of its own: it can only notify in its own region, so its event is forwarded. */
export function forwardingAlarm(scope: Construct, name: string, deadLetters: DeadLetterQueue): Alarm {
  return new Alarm(scope, `${name}-alarm`, {
    alarmName: `${FORWARDING_ALARM_PREFIX}${name}-dead-letters`,
    alarmDescription: `Events could not be forwarded: ${name}. The resync finds their drift.`,
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    threshold: 1,
    evaluationPeriods: 1,
    // As for the dead letters at home: what lies in a queue that nobody touches still lies there.
    treatMissingData: TreatMissingData.IGNORE,
  });
}
