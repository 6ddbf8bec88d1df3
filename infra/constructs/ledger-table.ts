import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/**
 * The ledger. It outlives the stack: what was there before a change must not go with the tool that made it.
 * `Table`, not `TableV2`: one region is all that IAM's events know, and a global table is a resource of another type.
 */
export class LedgerTable extends Table {
  constructor(scope: Construct, id: string, props: { readonly deletionProtection: boolean }) {
    super(scope, id, {
      partitionKey: { name: 'role', type: AttributeType.STRING },
      sortKey: { name: 'incidentId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
