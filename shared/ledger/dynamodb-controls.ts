import {
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import type { RoleRef } from '../model.ts';
import type { OperatorControls } from '../ports/controls.ts';
import { approvalSchema, exemptionSchema, resumeSchema } from './controls-schema.ts';

/**
 * A table of its own, which the function may only read: partition key `subject` (`account/role` in lower case, or the
 * account), sort key `control`. What has ended stays, as history; times are compared when it is read.
 */
export function dynamoDbControls({
  client,
  tableName: TableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): OperatorControls {
  const put = async (subject: string, control: string, value: object) => {
    const Item = { ...keyOf(subject, control), json: { S: JSON.stringify(value) } };
    await client.send(new PutItemCommand({ TableName, Item }));
  };
  const ofRole = async (role: RoleRef) => {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: '#subject = :subject',
        ExpressionAttributeNames: { '#subject': 'subject' },
        ExpressionAttributeValues: { ':subject': { S: subjectOf(role) } },
      },
    );
    const found = new Map<string, unknown>();
    for await (const { Items = [] } of pages)
      for (const item of Items) found.set(item['control']?.S ?? '', jsonIn(item));
    return found;
  };
  return {
    of: async (role) => {
      const [found, { Item }] = await Promise.all([
        ofRole(role),
        client.send(
          new GetItemCommand({ TableName, ConsistentRead: true, Key: keyOf(role.accountId, 'resume') }),
        ),
      ]);
      return {
        exemption: z.parse(z.nullable(exemptionSchema), found.get('exemption') ?? null),
        approval: z.parse(z.nullable(approvalSchema), found.get('approval') ?? null),
        resume: z.parse(z.nullable(resumeSchema), jsonIn(Item)),
      };
    },
    exempt: async (role, exemption) => put(subjectOf(role), 'exemption', exemption),
    approve: async (role, approval) => put(subjectOf(role), 'approval', approval),
    resume: async (accountId, resume) => put(accountId, 'resume', resume),
  };
}

function keyOf(subject: string, control: string): Record<string, AttributeValue> {
  return { subject: { S: subject }, control: { S: control } };
}

function subjectOf({ accountId, roleName }: RoleRef): string {
  return `${accountId}/${roleName.toLowerCase()}`;
}

function jsonIn(item: Record<string, AttributeValue> | undefined): unknown {
  return JSON.parse(item?.['json']?.S ?? 'null');
}
