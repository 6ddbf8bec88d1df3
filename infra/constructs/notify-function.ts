import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import type { ConfiguredChannel } from '../../shared/notifications/configured-channels.ts';
import { BundledFunction, type CommonFunctionProps, consumeStatement } from './bundled-function.ts';

export interface NotifyFunctionProps extends CommonFunctionProps {
  readonly reports: IQueue;
  readonly ledger: Table;
  readonly ledgerDays: number;
  /** Those that are on. */
  readonly channels: readonly ConfiguredChannel[];
}

// Lambda's least: each channel has a rate of its own, and two batches at once come near it.
const MOST_BATCHES = 2;

/** The function that tells people of drift. It may not touch IAM. */
export class NotifyFunction extends BundledFunction {
  static readonly timeout = Duration.seconds(30);

  constructor(scope: Construct, id: string, props: NotifyFunctionProps) {
    const { reports, ledger, channels } = props;
    super(scope, id, {
      ...props,
      function: 'notify',
      description: 'Tells people of drift',
      timeout: NotifyFunction.timeout,
      memoryMegabytes: 256,
      environment: {
        ...Object.fromEntries(channels.map(({ channel, target }) => [channel.setting.variable, target])),
        LEDGER_RETENTION_DAYS: String(props.ledgerDays),
        LEDGER_TABLE: ledger.tableName,
      },
      statements: [
        consumeStatement(reports),
        // A report too large for an event is read there; so is what has been told.
        new PolicyStatement({
          sid: 'ReadLedger',
          effect: Effect.ALLOW,
          actions: ['dynamodb:GetItem', 'dynamodb:Query'],
          resources: [ledger.tableArn],
        }),
        new PolicyStatement({
          sid: 'RecordTold',
          effect: Effect.ALLOW,
          actions: ['dynamodb:UpdateItem'],
          resources: [ledger.tableArn],
          // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['report#*'] } },
        }),
        ...channelStatements(scope, channels),
      ],
    });
    // A storm comes as one batch, and each channel makes a digest of it; a single report waits for two seconds at most.
    this.consume('FromReports', reports, { batchSize: 100, most: MOST_BATCHES, window: Duration.seconds(2) });
  }
}

/** What the channels need: one statement for each action. */
function channelStatements(
  scope: Construct,
  channels: readonly ConfiguredChannel[],
): readonly PolicyStatement[] {
  const resources = new Map<string, string[]>();
  for (const { channel, target } of channels) {
    const { action, on } = channel.permission;
    const resource = on === 'secret' ? secretArn(scope, target) : target;
    resources.set(action, [...(resources.get(action) ?? []), resource]);
  }
  return [...resources].map(
    ([action, arns]) =>
      new PolicyStatement({
        sid: `Channels${action.split(':')[1] ?? ''}`,
        effect: Effect.ALLOW,
        actions: [action],
        resources: [...arns],
      }),
  );
}

// Secrets Manager adds a hyphen and six characters of its own to the name:
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
function secretArn(scope: Construct, name: string): string {
  return Arn.format(
    {
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    Stack.of(scope),
  );
}
