import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import type { RoleRef } from '../model.ts';
import type { Clock } from '../ports/clock.ts';
import type { Incident, Ledger } from '../ports/ledger.ts';
import { documents } from './dynamodb-documents.ts';
import { owedMarkers } from './dynamodb-owed.ts';
import { storedResults } from './dynamodb-results.ts';
import { resultOf } from './incident-result.ts';
import { incidentSchema } from './incident-schema.ts';

export interface DynamoDbLedgerOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  /** Days until DynamoDB may delete an incident. */
  readonly retentionDays: number;
}

type Item = Record<string, AttributeValue>;

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;

/**
 * The ledger in DynamoDB. Partition key `role` (account/name, in lower case; other partitions have a `#` in their key), sort key `incidentId`; the documents are
 * kept whole, as JSON, and `expiresAt` is the TTL, in seconds. DynamoDB deletes late: expiry is also checked on reading
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html).
 */
export function dynamoDbLedger({ client, tableName, clock, retentionDays }: DynamoDbLedgerOptions): Ledger {
  const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);
  const keptUntil = () => nowSeconds() + retentionDays * DAY_S;
  const markers = owedMarkers({ client, tableName, nowSeconds, retentionSeconds: retentionDays * DAY_S });
  const docs = documents({ client, tableName, keptUntil });
  const longAgo = Math.min(WEEK_S, (retentionDays * DAY_S) / 4);
  const results = storedResults({ client, tableName, documents: docs, keptUntil, nowSeconds, longAgo });
  const alive = (item: Item) => Number(item['expiresAt']?.N ?? 0) > nowSeconds();
  const get = async (incidentId: string) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: keyOf(incidentId, roleOf(incidentId)),
        ConsistentRead: true,
      }),
    );
    if (Item === undefined || !alive(Item)) return null;
    return incidentOf(Item, await results.of(roleKey(roleOf(incidentId)), incidentId));
  };
  /**
   * null where what tells what was there, or what was done about it, is gone, or in a shape that only a newer version knows:
   * nothing could be put back by the rest, and nobody must be kept from the role.
   */
  const incidentOf = async (item: Item, resultItems: readonly Item[] = []): Promise<Incident | null> => {
    const [entry, before, found, report] = await Promise.all(
      ['entry', 'before', 'found', 'report'].map(async (name) => docs.read(item[name])),
    );
    const stored = z.safeParse(storedEntry, entry);
    if (!stored.success || before === null) return null;
    const incident = z.safeParse(incidentSchema, {
      ...stored.data,
      before,
      found,
      openedAt: item['openedAt']?.S,
      report,
      results: await results.read(resultItems),
    });
    return incident.success ? incident.data : null;
  };
  const update = async (Key: Item, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) =>
    client.send(new UpdateItemCommand({ TableName: tableName, Key, ...input }));
  return {
    open: async ({ before, found, openedAt, ...entry }) => {
      const { incidentId } = entry;
      const mark = markers.put(roleKey(entry.role), incidentId, null);
      const [wasThere, isFound, isPlanned] = await Promise.all([
        docs.attribute(incidentId, before),
        docs.attribute(incidentId, found),
        docs.attribute(incidentId, entry),
      ]);
      const keep = update(keyOf(incidentId, entry.role), {
        // One conditional-free write: what was there first stays, however often the incident is delivered.
        UpdateExpression:
          'SET #before = if_not_exists(#before, :before), openedAt = if_not_exists(openedAt, :openedAt), entry = :entry, #found = :found, expiresAt = :expiresAt REMOVE report',
        ExpressionAttributeNames: { '#before': 'before', '#found': 'found' },
        ExpressionAttributeValues: {
          ':before': wasThere,
          ':openedAt': { S: openedAt },
          ':entry': isPlanned,
          ':found': isFound,
          ':expiresAt': { N: String(keptUntil()) },
        },
        ReturnValues: 'UPDATED_NEW',
      });
      const [{ Attributes }] = await Promise.all([keep, mark]);
      // What was there first may have been stored long ago, as may how looks have ended: all is kept as long as the incident.
      const age = nowSeconds() - Date.parse(Attributes?.['openedAt']?.S ?? openedAt) / 1000;
      await Promise.all([
        docs.keep(Attributes?.['before']),
        age > longAgo ? results.keep(roleKey(entry.role), incidentId) : null,
      ]);
    },
    close: async (incidentId, report) => {
      const key = roleKey(roleOf(incidentId));
      // The marker first: were it behind, a crash in between would leave a report that is handed on for ever.
      await markers.put(key, incidentId, report.id);
      const result = resultOf(report);
      const [document] = await Promise.all([
        docs.attribute(incidentId, report),
        result === null ? null : results.put(key, incidentId, result),
      ]);
      try {
        await update(keyOf(incidentId, roleOf(incidentId)), {
          UpdateExpression: 'SET report = :report',
          ConditionExpression: 'attribute_exists(incidentId)',
          ExpressionAttributeValues: { ':report': document },
        });
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
      const items: Item[] = [];
      const pages =
        role === undefined
          ? paginateScan(
              { client },
              {
                TableName: tableName,
                ConsistentRead: true,
                FilterExpression: 'attribute_exists(entry) OR attribute_exists(#result)',
                ExpressionAttributeNames: { '#result': 'result' },
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
      for await (const { Items = [] } of pages) items.push(...Items.filter(alive));
      const entries = items.filter((item) => item['entry'] !== undefined);
      const found = role === undefined ? items : await results.of(roleKey(role));
      const byIncident = results.byIncident(found);
      const incidents = await Promise.all(
        entries.map(async (item) => incidentOf(item, byIncident.get(item['incidentId']?.S ?? ''))),
      );
      return incidents
        .flatMap((incident) => incident ?? [])
        .sort((a, b) => (a.openedAt > b.openedAt ? -1 : 1));
    },
  };
}

function keyOf(incidentId: string, role: Pick<RoleRef, 'accountId' | 'roleName'>): Item {
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
