import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Effect, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

import { INSTALLATION_PARAMETER, KILL_SWITCH_PARAMETER, ownRoleNames } from '../names.ts';

export interface OperatorsProps {
  readonly ledger: Table;
  readonly longestExemptionHours: number;
  /** Takes what people are to be told. */
  readonly reports: IQueue;
  /** Takes requests to look at roles. */
  readonly resyncs: IQueue;
}

/**
 * What operators have a say in: exemptions, approvals, resumes (a table) and the kill switch (a parameter), and the role
 * that alone may write them. Whoever may assume that role is decided by the account's own policies; it can write nothing in
 * IAM. The function may only read: what frees a role from it must not be its own to write, nor a tag's on the role.
 */
export class Operators extends Construct {
  readonly controls: Table;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    const { ledger, reports, resyncs } = props;
    // Without the stack its words mean nothing, so it goes with it.
    this.controls = new Table(this, 'Controls', {
      partitionKey: { name: 'subject', type: AttributeType.STRING },
      sortKey: { name: 'control', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new StringParameter(this, 'KillSwitch', {
      parameterName: KILL_SWITCH_PARAMETER,
      description: 'iam-drift-remediator: "run", or "pause: who and why" to stop all changes',
      stringValue: 'run',
    });
    new StringParameter(this, 'Installation', {
      parameterName: INSTALLATION_PARAMETER,
      description: 'iam-drift-remediator: where the command line finds the parts of the stack',
      stringValue: Stack.of(this).toJsonString({
        accountId: Aws.ACCOUNT_ID,
        partition: Aws.PARTITION,
        ledgerTable: ledger.tableName,
        longestExemptionHours: props.longestExemptionHours,
        controlsTable: this.controls.tableName,
        reportsQueueUrl: reports.queueUrl,
        resyncQueueUrl: resyncs.queueUrl,
      }),
    });
    this.role = new Role(this, 'Role', {
      roleName: ownRoleNames.operator,
      description: 'iam-drift-remediator: exempt, approve, resume, pause; reads its history',
      assumedBy: new AccountPrincipal(Stack.of(this).account),
      inlinePolicies: { Own: new PolicyDocument({ statements: this.#statements(props) }) },
    });
  }

  /** What the function needs to hear them. */
  get heard(): readonly PolicyStatement[] {
    return [
      allow('HearOperators', ['dynamodb:GetItem', 'dynamodb:Query'], this.controls.tableArn),
      allow('ReadKillSwitch', ['ssm:GetParameter'], this.#parameterArn(KILL_SWITCH_PARAMETER)),
    ];
  }

  #parameterArn(name: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
  }

  #statements({ ledger, reports, resyncs }: OperatorsProps): PolicyStatement[] {
    const speak = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
    return [
      allow('Speak', speak, this.controls.tableArn),
      allow(
        'TurnKillSwitch',
        ['ssm:GetParameter', 'ssm:PutParameter'],
        this.#parameterArn(KILL_SWITCH_PARAMETER),
      ),
      allow('FindInstallation', ['ssm:GetParameter'], this.#parameterArn(INSTALLATION_PARAMETER)),
      allow('Announce', ['sqs:SendMessage'], reports.queueArn),
      allow('AskForLook', ['sqs:SendMessage'], resyncs.queueArn),
      allow('ReadLedger', ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'], ledger.tableArn),
    ];
  }
}

function allow(sid: string, actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources: [resource] });
}
