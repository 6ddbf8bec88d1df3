import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import type { RoleRef } from '../model.ts';
import type { Clock } from '../ports/clock.ts';
import type { Incident, Ledger } from '../ports/ledger.ts';
import { owedMarkers } from './dynamodb-owed.ts';
import { eachOnce, resultOf } from './incident-result.ts';
import { incidentSchema } from './incident-schema.ts';
import { jsonAttribute, jsonIn } from './json-attribute.ts';

export interface DynamoDbLedgerOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  /** Days until DynamoDB may delete an incident. */
  readonly retentionDays: number;
}

const DAY_S = 86_400;

/**
 * The ledger in DynamoDB. Partition key `role` (account/name, in lower case; other partitions have a `#` in their key), sort key `incidentId`; the documents are
 * kept whole, as JSON, and `expiresAt` is the TTL, in seconds. DynamoDB deletes late: expiry is also checked on reading
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html).
 */
export function dynamoDbLedger({ client, tableName, clock, retentionDays }: DynamoDbLedgerOptions): Ledger {
  const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);
  const markers = owedMarkers({ client, tableName, nowSeconds, retentionSeconds: retentionDays * DAY_S });
  const alive = (item: Record<string, AttributeValue>) => Number(item['expiresAt']?.N ?? 0) > nowSeconds();
  const get = async (incidentId: string) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: keyOf(incidentId, roleOf(incidentId)),
        ConsistentRead: true,
      }),
    );
    return Item !== undefined && alive(Item) ? incidentOf(Item) : null;
  };
  return {
    open: async ({ before, found, openedAt, ...entry }) => {
      const mark = markers.put(roleKey(entry.role), entry.incidentId, null);
      const keep = client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: keyOf(entry.incidentId, entry.role),
          // One conditional-free write: what was there first stays, however often the incident is delivered.
          UpdateExpression:
            'SET #before = if_not_exists(#before, :before), openedAt = if_not_exists(openedAt, :openedAt), entry = :entry, #found = :found, expiresAt = :expiresAt REMOVE report',
          ExpressionAttributeNames: { '#before': 'before', '#found': 'found' },
          ExpressionAttributeValues: {
            ':before': jsonAttribute(before),
            ':openedAt': { S: openedAt },
            ':entry': jsonAttribute(entry),
            ':found': jsonAttribute(found),
            ':expiresAt': { N: String(nowSeconds() + retentionDays * DAY_S) },
          },
        }),
      );
      await Promise.all([mark, keep]);
    },
    close: async (incidentId, report) => {
      // The marker first: were it behind, a crash in between would leave a report that is handed on for ever.
      await markers.put(roleKey(roleOf(incidentId)), incidentId, report.id);
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: keyOf(incidentId, roleOf(incidentId)),
            UpdateExpression:
              'SET report = :report, results = list_append(if_not_exists(results, :none), :result)',
            ConditionExpression: 'attribute_exists(incidentId)',
            ExpressionAttributeValues: {
              ':report': jsonAttribute(report),
              ':none': { L: [] },
              ':result': { L: [jsonAttribute(resultOf(report))] },
            },
          }),
        );
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        throw new Error(`the ledger holds no incident ${incidentId}`, { cause });
      }
    },
    published: async (incidentId, reportId) =>
      markers.remove(roleKey(roleOf(incidentId)), incidentId, reportId),
    owed: async (role) => {
      const ids = await markers.incidentIds(roleKey(role));
      const incidents = await Promise.all(ids.map(get));
      return incidents
        .flatMap((incident) => incident ?? [])
        .sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
    },
    get,
    list: async (role) => {
      const incidents: Incident[] = [];
      const pages =
        role === undefined
          ? paginateScan(
              { client },
              {
                TableName: tableName,
                ConsistentRead: true,
                FilterExpression: 'attribute_exists(entry)',
              },
            )
          : paginateQuery(
              { client },
              {
                TableName: tableName,
                ConsistentRead: true,
                KeyConditionExpression: '#role = :role',
                ExpressionAttributeNames: { '#role': 'role' },
                ExpressionAttributeValues: { ':role': { S: roleKey(role) } },
              },
            );
      for await (const { Items = [] } of pages) incidents.push(...Items.filter(alive).map(incidentOf));
      return incidents.sort((a, b) => (a.openedAt > b.openedAt ? -1 : 1));
    },
  };
}

function keyOf(
  incidentId: string,
  role: Pick<RoleRef, 'accountId' | 'roleName'>,
): Record<string, AttributeValue> {
  return { role: { S: roleKey(role) }, incidentId: { S: incidentId } };
}

// Role names ignore case in IAM, so they must here.
function roleKey({ accountId, roleName }: Pick<RoleRef, 'accountId' | 'roleName'>): string {
  return `${accountId}/${roleName.toLowerCase()}`;
}

/** An incident id is `account/role/suffix`; a role's name holds no slash. */
function roleOf(incidentId: string): Pick<RoleRef, 'accountId' | 'roleName'> {
  const [accountId = '', roleName = ''] = incidentId.split('/');
  return { accountId, roleName };
}

const storedEntry = z.record(z.string(), z.json());

function incidentOf(item: Record<string, AttributeValue>): Incident {
  const entry = z.parse(storedEntry, jsonIn(item['entry']));
  const incident = z.parse(incidentSchema, {
    ...entry,
    before: jsonIn(item['before']),
    // Older versions kept no more than what was there at first.
    found: jsonIn(item['found']) ?? [],
    openedAt: item['openedAt']?.S,
    report: jsonIn(item['report']),
    results: item['results']?.L?.map(jsonIn),
  });
  return { ...incident, results: eachOnce(incident.results) };
}
