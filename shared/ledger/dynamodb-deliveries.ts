import { GetItemCommand, UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';

import type { Deliveries } from '../ports/deliveries.ts';
import type { DynamoDbLedgerOptions } from './dynamodb.ts';

const DAY_S = 86_400;

/**
 * In the ledger's table: partition key `report#` and the report's id, sort key `told#` and the channel's name. They live
 * as long as incidents do, so that reports replayed from the bus's archive are not told again.
 */
export function dynamoDbDeliveries({
  client,
  tableName,
  clock,
  retentionDays,
}: DynamoDbLedgerOptions): Deliveries {
  const isTold = async (channel: string, reportId: string) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: keyOf(channel, reportId), ConsistentRead: true }),
    );
    return Item !== undefined;
  };
  return {
    told: async (channel, reportIds) => {
      const answers = await Promise.all(reportIds.map((id) => isTold(channel, id)));
      return new Set(reportIds.filter((_, index) => answers[index] === true));
    },
    record: async (channel, reportIds) => {
      const now = clock.now();
      const expiresAt = Math.floor(now.getTime() / 1000) + retentionDays * DAY_S;
      await Promise.all(
        reportIds.map((id) =>
          client.send(
            new UpdateItemCommand({
              TableName: tableName,
              Key: keyOf(channel, id),
              UpdateExpression: 'SET toldAt = if_not_exists(toldAt, :now), expiresAt = :expiresAt',
              ExpressionAttributeValues: {
                ':now': { S: now.toISOString() },
                ':expiresAt': { N: String(expiresAt) },
              },
            }),
          ),
        ),
      );
    },
  };
}

function keyOf(channel: string, reportId: string): Record<string, AttributeValue> {
  return { role: { S: `report#${reportId}` }, incidentId: { S: `told#${channel}` } };
}
