import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { functionMetric } from '../metrics.ts';

export interface OverviewProps {
  readonly alarmNames: readonly string[];
  readonly queues: ReadonlyMap<string, { readonly queue: IQueue }>;
  readonly deadLetters: ReadonlyMap<string, IQueue>;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

const WHOLE_WIDTH = 24;
const HALF_WIDTH = 12;
const HOUR = Duration.hours(1);
const MINUTE = Duration.minutes(1);

/** One dashboard, to be read from the top: is anything wrong, what was done, where is it stuck, which part fails. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, props: OverviewProps) {
    super(scope, id);
    // By name: emulators of CloudFormation that have no alarms can still make the dashboard.
    const alarms = props.alarmNames.map((name) => Alarm.fromAlarmName(this, name, name));
    new Dashboard(this, 'Dashboard', {
      dashboardName: 'iam-drift-remediator',
      defaultInterval: Duration.days(1),
      widgets: [
        [
          new TextWidget({
            markdown:
              '**iam-drift-remediator** From the top: is anything wrong, what was done, where is it stuck, which part fails. ' +
              'The runbook (`docs/runbook.md`) has a paragraph for each alarm.',
            width: WHOLE_WIDTH,
            height: 2,
          }),
        ],
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            alarms,
            width: WHOLE_WIDTH,
            height: 5,
          }),
        ],
        [
          new SingleValueWidget({
            title: 'In this time',
            metrics: [
              counted('DriftedRoles', 'drifts found'),
              counted('AppliedChanges', 'changes put back'),
              counted('FailedChanges', 'changes refused by IAM'),
              counted('UnverifiedRemediations', 'not confirmed by a second read'),
              functionMetric('resync', 'ResyncFinished', {
                label: 'resyncs',
                statistic: Stats.SUM,
                period: HOUR,
              }),
            ],
            setPeriodToTimeRange: true,
            width: WHOLE_WIDTH,
            height: 3,
          }),
        ],
        [
          graph('Drift an hour', [counted('DriftedRoles', 'found'), counted('AppliedChanges', 'put back')]),
          graph('From event to fix, milliseconds', [
            functionMetric('remediate', 'EventToFix', {
              label: 'median',
              statistic: Stats.p(50),
              period: HOUR,
            }),
            functionMetric('remediate', 'EventToFix', {
              label: 'slowest of 100',
              statistic: Stats.p(99),
              period: HOUR,
            }),
          ]),
        ],
        ...(props.functions.has('canary') ? [canaryRow()] : []),
        [
          graph(
            'Oldest message, seconds',
            [...props.queues].map(([label, { queue }]) =>
              queue.metricApproximateAgeOfOldestMessage({ label, statistic: Stats.MAXIMUM, period: MINUTE }),
            ),
          ),
          graph(
            'Dead letters',
            [...props.deadLetters].map(([label, queue]) =>
              queue.metricApproximateNumberOfMessagesVisible({
                label,
                statistic: Stats.MAXIMUM,
                period: MINUTE,
              }),
            ),
          ),
        ],
        [
          graph(
            'Errors and throttles',
            [...props.functions].flatMap(([name, lambda]) => [
              lambda.metricErrors({ label: `${name} errors`, statistic: Stats.SUM, period: MINUTE }),
              lambda.metricThrottles({ label: `${name} throttles`, statistic: Stats.SUM, period: MINUTE }),
            ]),
          ),
          graph(
            'Duration, milliseconds, slowest of 100',
            [...props.functions].map(([label, lambda]) =>
              lambda.metricDuration({ label, statistic: Stats.p(99), period: MINUTE }),
            ),
          ),
        ],
      ],
    });
  }
}

function canaryRow(): GraphWidget[] {
  return [
    graph('The canary: put back, an hour', [
      functionMetric('canary', 'CanaryReverted', { label: 'put back', statistic: Stats.SUM, period: HOUR }),
    ]),
    graph('The canary: from change to fix, milliseconds', [
      functionMetric('canary', 'CanaryFix', { label: 'median', statistic: Stats.p(50), period: HOUR }),
      functionMetric('canary', 'CanaryFix', {
        label: 'slowest of 100',
        statistic: Stats.p(99),
        period: HOUR,
      }),
    ]),
  ];
}

function counted(metricName: string, label: string): IMetric {
  return functionMetric('remediate', metricName, { label, statistic: Stats.SUM, period: HOUR });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({
    title,
    left,
    width: HALF_WIDTH,
    height: 6,
    leftYAxis: { min: 0, showUnits: false },
  });
}
