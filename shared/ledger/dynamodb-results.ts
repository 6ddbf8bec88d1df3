import {
  type AttributeValue,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import type { IncidentResult } from '../ports/ledger.ts';
import { incidentResultSchema } from '../report-schema.ts';
import type { Documents } from './dynamodb-documents.ts';

type Item = Record<string, AttributeValue>;

/** How looks have ended, an item each: an incident may have any number of them. */
export interface StoredResults {
  put(role: string, incidentId: string, result: IncidentResult): Promise<void>;
  /** Keeps those of an incident about as long as what is stored now. Each is written once in a while only. */
  keep(role: string, incidentId: string): Promise<void>;
  /** The items of the role, or of one of its incidents. */
  of(role: string, incidentId?: string): Promise<readonly Item[]>;
  byIncident(items: readonly Item[]): ReadonlyMap<string, readonly Item[]>;
  /** What they hold, oldest first; without what is gone, or in a shape that only a newer version knows. */
  read(items: readonly Item[]): Promise<readonly IncidentResult[]>;
}

interface StoredResultsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly documents: Documents;
  readonly keptUntil: () => number;
  readonly nowSeconds: () => number;
  /** In seconds: what was stored, or kept, less long ago is not kept anew. */
  readonly longAgo: number;
}

/** In the ledger's table: partition key `results#account/name`, sort key the incident's id and the report's, which is a ULID. */
export function storedResults(options: StoredResultsOptions): StoredResults {
  const { client, tableName: TableName, documents, keptUntil, nowSeconds, longAgo } = options;
  const of: StoredResults['of'] = async (role, incidentId) => {
    const items: Item[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression:
          incidentId === undefined ? '#role = :role' : '#role = :role AND begins_with(incidentId, :incident)',
        FilterExpression: 'expiresAt > :now',
        ExpressionAttributeNames: { '#role': 'role' },
        ExpressionAttributeValues: {
          ':role': { S: partition(role) },
          ':now': { N: String(nowSeconds()) },
          ...(incidentId !== undefined && { ':incident': { S: `${incidentId}#` } }),
        },
      },
    );
    for await (const { Items = [] } of pages) items.push(...Items);
    return items;
  };
  const isDue = ({ expiresAt }: Item) => Number(expiresAt?.N ?? 0) < keptUntil() - longAgo;
  const keep = async ({ role, incidentId, result }: Item) => {
    if (role === undefined || incidentId === undefined) return;
    await documents.keep(result);
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { role, incidentId },
        UpdateExpression: 'SET expiresAt = :expiresAt',
        ExpressionAttributeValues: { ':expiresAt': { N: String(keptUntil()) } },
      }),
    );
  };
  return {
    put: async (role, incidentId, result) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { role: { S: partition(role) }, incidentId: { S: `${incidentId}#${result.id}` } },
          UpdateExpression: 'SET #result = :result, expiresAt = :expiresAt',
          ExpressionAttributeNames: { '#result': 'result' },
          ExpressionAttributeValues: {
            ':result': await documents.attribute(incidentId, result),
            ':expiresAt': { N: String(keptUntil()) },
          },
        }),
      );
    },
    keep: async (role, incidentId) => {
      const items = await of(role, incidentId);
      await Promise.all(items.filter(isDue).map(keep));
    },
    of,
    byIncident: (items) => {
      const byIncident = new Map<string, Item[]>();
      for (const item of items) {
        const key = item['incidentId']?.S ?? '';
        const incidentId = key.slice(0, key.lastIndexOf('#'));
        byIncident.set(incidentId, [...(byIncident.get(incidentId) ?? []), item]);
      }
      return byIncident;
    },
    read: async (items) => {
      const results = await Promise.all(items.map(async ({ result }) => documents.read(result)));
      return results
        .flatMap((result) => z.safeParse(incidentResultSchema, result).data ?? [])
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}

const partition = (role: string) => `results#${role}`;
