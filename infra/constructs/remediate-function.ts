import { Aws, Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import type { GuardLimits } from '../../shared/guards/limits.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import { specPolicies } from '../spec-policies.ts';
import { KILL_SWITCH_PARAMETER } from '../names.ts';
import { acknowledge } from './acknowledge.ts';
import { BundledFunction, consumeStatement, type CommonFunctionProps } from './bundled-function.ts';
import { SPEC_FILE, specFiles } from './bundled-spec.ts';
import type { Operators } from './operators.ts';
import type { ReportBus } from './report-bus.ts';

export interface RemediateFunctionProps extends CommonFunctionProps {
  readonly spec: Spec;
  readonly changes: IQueue;
  readonly resyncs: IQueue;
  readonly ledger: Table;
  readonly ledgerDays: number;
  readonly limits: GuardLimits;
  readonly hasCanary: boolean;
  readonly reportBus: ReportBus;
  readonly operators: Operators;
}

// One after the other, each role may take the seven seconds of a second read that disagrees. Together they must end
// before the timeout, which is short because what failed is only seen again after six times as long.
const BATCH_SIZE = 5;
// IAM's request rate is one for the whole account: a flood of events must not use it up.
const MOST_BATCHES = 5;
// Lambda's least. A sweep must leave the rate to events.
const MOST_RESYNC_BATCHES = 2;

/** The function that puts roles back: the only one that may write to IAM, and only what the spec enforces. */
export class RemediateFunction extends BundledFunction {
  static readonly timeout = Duration.minutes(1);

  constructor(scope: Construct, id: string, props: RemediateFunctionProps) {
    const { spec, changes, resyncs, ledger, reportBus, operators } = props;
    const { documents, wildcards } = specPolicies(spec);
    super(scope, id, {
      ...props,
      function: 'remediate',
      description: 'Puts declared IAM roles back when they were changed',
      timeout: RemediateFunction.timeout,
      memoryMegabytes: 512,
      files: specFiles(spec),
      environment: {
        ACCOUNT_ID: Aws.ACCOUNT_ID,
        CHANGES_QUEUE_URL: changes.queueUrl,
        CONTROLS_TABLE: operators.controls.tableName,
        GUARD_LIMITS: JSON.stringify(props.limits),
        HAS_CANARY: String(props.hasCanary),
        KILL_SWITCH_PARAMETER: KILL_SWITCH_PARAMETER,
        LEDGER_RETENTION_DAYS: String(props.ledgerDays),
        LEDGER_TABLE: ledger.tableName,
        REPORT_BUS_NAME: reportBus.busName,
        SPEC_FILE,
      },
      statements: [
        consumeStatement(changes, resyncs),
        new PolicyStatement({
          sid: 'AskForSecondLook',
          effect: Effect.ALLOW,
          actions: ['sqs:SendMessage'],
          resources: [changes.queueArn],
        }),
        new PolicyStatement({
          sid: 'KeepLedger',
          effect: Effect.ALLOW,
          actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
          resources: [ledger.tableArn],
        }),
        new PolicyStatement({
          sid: 'Report',
          effect: Effect.ALLOW,
          actions: ['events:PutEvents'],
          resources: [reportBus.busArn],
        }),
        ...operators.heard,
      ],
      policies: documents,
    });
    for (const wildcard of wildcards)
      acknowledge(
        this,
        `AwsSolutions-IAM5[Resource::${wildcard.replaceAll(/\$\{([^}]*)\}/g, '<$1>')}]`,
        'The spec declares roles by this pattern, or policies are read that are known only once they are found on a role; nothing is written here beyond the spec.',
      );
    // One second lets the steps of one console action arrive together; waiting longer would leave a door open.
    this.consume('FromChanges', changes, {
      batchSize: BATCH_SIZE,
      most: MOST_BATCHES,
      window: Duration.seconds(1),
    });
    this.consume('FromResyncs', resyncs, { batchSize: BATCH_SIZE, most: MOST_RESYNC_BATCHES });
  }
}
