import {
  ConditionalCheckFailedException,
  paginateQuery,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** Which incidents are owed to people, so that finding them costs nothing where there are none. */
export interface OwedMarkers {
  /** `reportId`: null while the incident is open. */
  put(role: string, incidentId: string, reportId: string | null): Promise<void>;
  /** Unless the incident has been opened or closed again since. */
  remove(role: string, incidentId: string, reportId: string): Promise<void>;
  incidentIds(role: string): Promise<readonly string[]>;
}

interface OwedMarkersOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly nowSeconds: () => number;
  readonly retentionSeconds: number;
}

/**
 * Markers in the ledger's table: partition key `owed#account/name`, sort key the incident's id. One is removed by letting it
 * expire at once, and DynamoDB deletes it by and by: the functions need no permission to delete.
 */
export function owedMarkers(options: OwedMarkersOptions): OwedMarkers {
  const { client, tableName: TableName, nowSeconds, retentionSeconds } = options;
  return {
    put: async (role, incidentId, reportId) => {
      const expiresAt = { N: String(nowSeconds() + retentionSeconds) };
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(role, incidentId),
          ...(reportId === null
            ? {
                UpdateExpression: 'SET expiresAt = :expiresAt REMOVE reportId',
                ExpressionAttributeValues: { ':expiresAt': expiresAt },
              }
            : {
                UpdateExpression: 'SET expiresAt = :expiresAt, reportId = :reportId',
                ExpressionAttributeValues: { ':expiresAt': expiresAt, ':reportId': { S: reportId } },
              }),
        }),
      );
    },
    remove: async (role, incidentId, reportId) => {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(role, incidentId),
            UpdateExpression: 'SET expiresAt = :now',
            ConditionExpression: 'reportId = :reportId',
            ExpressionAttributeValues: { ':now': { N: String(nowSeconds()) }, ':reportId': { S: reportId } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    incidentIds: async (role) => {
      const ids: string[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#role = :role',
          FilterExpression: 'expiresAt > :now',
          ExpressionAttributeNames: { '#role': 'role' },
          ExpressionAttributeValues: { ':role': { S: partition(role) }, ':now': { N: String(nowSeconds()) } },
        },
      );
      for await (const { Items = [] } of pages)
        ids.push(...Items.flatMap((item) => item['incidentId']?.S ?? []));
      return ids;
    },
  };
}

function keyOf(role: string, incidentId: string): Record<string, AttributeValue> {
  return { role: { S: partition(role) }, incidentId: { S: incidentId } };
}

const partition = (role: string) => `owed#${role}`;
