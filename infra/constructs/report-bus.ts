import { Arn, Stack } from 'aws-cdk-lib';
import { CfnArchive, EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';
import { REPORT_SOURCE } from '../../shared/aws/eventbridge-report-sink.ts';
import { DeadLetterQueue } from './queue-with-dead-letters.ts';

export interface ReportBusProps {
  /** null: a bus is made. */
  readonly existingName: string | null;
  /** 0: for ever. */
  readonly archiveDays: number;
  /** Gets every report, but for those of a canary. */
  readonly queue: IQueue;
  readonly hasCanary: boolean;
}

/** The bus that reports go to, an archive of it, and the way to the queue that tells people. */
export class ReportBus extends Construct {
  readonly bus: IEventBus;
  readonly busName: string;
  readonly busArn: string;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: ReportBusProps) {
    super(scope, id);
    this.busName = props.existingName ?? 'iam-drift';
    this.busArn = Arn.format(
      { service: 'events', resource: 'event-bus', resourceName: this.busName },
      Stack.of(this),
    );
    // By its name: a literal name in the template can be read, and emulators of CloudFormation take nothing else.
    this.bus = EventBus.fromEventBusName(this, 'Bus', this.busName);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    const rule = new Rule(this, 'Reports', {
      // CloudFormation's reference to a rule of a bus is its name with that of the bus before it.
      ruleName: 'iam-drift-reports',
      description: 'Drift reports, to be told to people',
      eventBus: this.bus,
      eventPattern: {
        source: [REPORT_SOURCE],
        // The canary is no news. Without one, a role of that name is somebody's.
        ...(props.hasCanary
          ? { detail: { role: { roleName: [{ 'anything-but': [CANARY_ROLE_NAME] }] } } }
          : {}),
      },
      targets: [new SqsQueue(props.queue, { deadLetterQueue: this.deadLetters })],
    });
    if (props.existingName !== null) return;
    const own = new EventBus(this, 'OwnBus', {
      eventBusName: this.busName,
      description: 'Drift reports of iam-drift-remediator',
    });
    rule.node.addDependency(own);
    new CfnArchive(this, 'Archive', {
      // Names made from ours would pass EventBridge's 48 characters.
      archiveName: this.busName,
      sourceArn: own.eventBusArn,
      description: 'Drift reports, to be replayed to a new consumer',
      retentionDays: props.archiveDays,
    });
  }
}
