import { Arn, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

// Those that a table's policy may name:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
// A transaction asks for the permissions of the writes in it.
const ITEM_WRITES = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

/**
 * Keeps everybody but these roles from writing into a table, whatever his permissions are. Who may change the table, or this
 * policy, is decided by the account as ever, so that nobody is locked out; both are told as tampering.
 *
 * @param roleNames Not the roles themselves: they name the table in their permissions, and neither could be made first.
 */
export function onlyWrittenBy(table: Table, roleNames: readonly string[]): void {
  const stack = Stack.of(table);
  table.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyItsWritersWrite',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ITEM_WRITES,
      // The table: it cannot name itself while it is made.
      resources: ['*'],
      conditions: {
        // Of a session, too, this is the ARN of its role.
        ArnNotEquals: {
          'aws:PrincipalArn': roleNames.map((resourceName) =>
            Arn.format({ service: 'iam', region: '', resource: 'role', resourceName }, stack),
          ),
        },
        // DynamoDB itself deletes what has expired.
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
}
