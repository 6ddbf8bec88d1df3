import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Stats, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { functionMetric } from '../metrics.ts';
import { ALARM_PREFIX } from '../names.ts';

export interface AlarmsProps {
  readonly topics: readonly ITopic[];
  /** By name, such as `changes`; with the age in minutes past which the oldest message waits too long. */
  readonly queues: ReadonlyMap<string, { readonly queue: IQueue; readonly oldestMinutes: number }>;
  /** By what ends there, such as `changes`. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly resyncHours: number;
  readonly hasCanary: boolean;
}

interface AlarmDraft {
  readonly name: string;
  /** What it means; the runbook says what to do. */
  readonly description: string;
  readonly metric: IMetric;
  /** The alarm goes off above it, or below it. */
  readonly above?: number;
  readonly below?: number;
  readonly periods?: number;
  /** What no data mean; left out, that all is well. */
  readonly silence?: TreatMissingData;
}

/** What an on-call person must hear of. Their names begin with `iam-drift-`; the runbook has a paragraph for each. */
export class Alarms extends Construct {
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const actions = props.topics.map((topic) => new SnsAction(topic));
    this.names = drafts(props).map(({ name, description, metric, above, below, periods, silence }) => {
      const alarmName = `${ALARM_PREFIX}${name}`;
      const alarm = new Alarm(this, name, {
        alarmName,
        alarmDescription: description,
        metric,
        threshold: above ?? below ?? 0,
        comparisonOperator:
          above === undefined
            ? ComparisonOperator.LESS_THAN_THRESHOLD
            : ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: periods ?? 1,
        treatMissingData: silence ?? TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...actions);
      return alarmName;
    });
  }
}

function drafts({
  queues,
  deadLetters,
  functions,
  resyncHours,
  hasCanary,
}: AlarmsProps): readonly AlarmDraft[] {
  return [
    ...[...deadLetters].map(([name, queue]) => ({
      name: `${name}-dead-letters`,
      description: `Messages could not be worked on or delivered: ${name}. Nobody acts on them until they are redriven.`,
      metric: queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      above: 0,
      // A queue that nobody touches for six hours tells nothing: what lies in it still lies there
      // (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
      silence: TreatMissingData.IGNORE,
    })),
    ...[...queues].map(([name, { queue, oldestMinutes }]) => ({
      name: `${name}-waiting`,
      description: `The oldest message of the queue "${name}" waits for more than ${oldestMinutes} minutes.`,
      metric: queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      above: oldestMinutes * 60,
    })),
    ...[...functions].flatMap(([name, lambda]) => [
      {
        name: `${name}-errors`,
        description: `The function "${name}" ended with an error.`,
        metric: lambda.metricErrors({ period: Duration.minutes(5), statistic: Stats.SUM }),
        above: 0,
      },
      {
        name: `${name}-throttles`,
        description: `Lambda did not start the function "${name}": the account's concurrency is used up.`,
        metric: lambda.metricThrottles({ period: Duration.minutes(5), statistic: Stats.SUM }),
        above: 0,
      },
    ]),
    {
      name: 'failed-changes',
      description: 'IAM refused to put a role back. The report says which role, and why.',
      metric: functionMetric('remediate', 'FailedChanges', {
        period: Duration.minutes(5),
        statistic: Stats.SUM,
      }),
      above: 0,
    },
    {
      name: 'no-resync',
      description: `The declared roles were not all looked at for ${2 * resyncHours} hours: changes may have gone unseen.`,
      metric: functionMetric('resync', 'ResyncFinished', {
        period: Duration.hours(resyncHours),
        statistic: Stats.SUM,
      }),
      below: 1,
      periods: 2,
      silence: TreatMissingData.BREACHING,
    },
    ...(hasCanary
      ? [
          {
            name: 'no-canary',
            description:
              'The canary role was changed and not put back within minutes, or for an hour nobody has tried: drift may stay in place.',
            // Each run writes 1 or 0: a single change that was not put back is enough.
            metric: functionMetric('canary', 'CanaryReverted', {
              period: Duration.hours(1),
              statistic: Stats.MINIMUM,
            }),
            below: 1,
            silence: TreatMissingData.BREACHING,
          },
        ]
      : []),
  ];
}
