import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { ownRoleNames } from '../../infra/names.ts';
import type { PolicyStatement } from '../../shared/permissions/statement.ts';
import { isAllowed } from '../support/iam-evaluator.ts';
import { arnOf, flatten, statementsOf } from './flatten.ts';
import { synthesise } from './synthesise.ts';

const stack = synthesise({ canary: true });
const account = 'arn:aws:iam::111122223333';
const itemWrites = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];
const texts = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((value) => [value].flat()),
);
const tableSchema = z.object({
  ResourcePolicy: z.object({
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({
          Effect: z.literal('Deny'),
          Principal: z.strictObject({ AWS: z.literal('*') }),
          Action: texts,
          Resource: z.literal('*'),
          Condition: z.record(z.string(), z.record(z.string(), texts)),
        }),
      ),
    }),
  }),
});

const tables = [...stack.resources('AWS::DynamoDB::Table')].map(([id, { Properties }]) => ({
  id,
  denied: z
    .parse(tableSchema, flatten(Properties))
    .ResourcePolicy.PolicyDocument.Statement.map((statement): PolicyStatement => ({
      ...statement,
      Sid: '',
      Resource: [statement.Resource],
    })),
}));
const everything: PolicyStatement = { Sid: '', Effect: 'Allow', Action: ['*'], Resource: ['*'] };

type Table = (typeof tables)[number];

/** Whether whoever has these permissions may do it to the table. */
function may(
  { id, denied }: Table,
  action: string,
  principal: string,
  permissions: readonly PolicyStatement[] = [everything],
): boolean {
  const context = {
    'aws:PrincipalArn': principal,
    'aws:PrincipalIsAWSService': 'false',
    // Of the notify function's own records.
    'dynamodb:LeadingKeys': 'report#1',
  };
  return isAllowed([...permissions, ...denied], { action, resource: arnOf(id), context });
}

describe('the tables', () => {
  it('are two: what operators have said, and the ledger', () => {
    expect(tables).toHaveLength(2);
  });

  it('are written by nobody else, whatever his permissions are', () => {
    for (const table of tables)
      for (const principal of ['root', 'role/Administrator', 'role/cdk-hnb659fds-cfn-exec-role', 'user/ann'])
        for (const action of itemWrites)
          expect([table.id, principal, action, may(table, action, `${account}:${principal}`)]).toEqual([
            table.id,
            principal,
            action,
            false,
          ]);
  });

  it('are written by the roles that have the permission, and their policies let no other role pass', () => {
    for (const table of tables) {
      const roles = Object.values(ownRoleNames).map((name) => {
        const principal = `${account}:role/${name}`;
        const own = statementsOf(stack, name);
        return {
          name,
          passes: itemWrites.some((action) => may(table, action, principal)),
          writes: itemWrites.some((action) => may(table, action, principal, own)),
        };
      });
      for (const { name, passes, writes } of roles) expect([name, passes]).toEqual([name, writes]);
      expect(roles.some(({ writes }) => writes)).toBe(true);
    }
  });

  it('lose nothing that they forget by themselves: AWS itself is let pass', () => {
    for (const { id, denied } of tables)
      expect(
        isAllowed([everything, ...denied], {
          action: 'dynamodb:DeleteItem',
          resource: arnOf(id),
          context: { 'aws:PrincipalIsAWSService': 'true' },
        }),
      ).toBe(true);
  });

  it('can be read, changed, deleted and given another policy by whoever is permitted to', () => {
    for (const table of tables)
      for (const action of [
        'dynamodb:DeleteResourcePolicy',
        'dynamodb:DeleteTable',
        'dynamodb:GetItem',
        'dynamodb:PutResourcePolicy',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:UpdateTable',
        'dynamodb:UpdateTimeToLive',
      ])
        expect([action, may(table, action, `${account}:role/Administrator`)]).toEqual([action, true]);
  });
});
