import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import type { RoleRef } from '../model.ts';
import { type RoleState, type RoleStates, unknownRole } from '../ports/role-state.ts';
import type { DynamoDbLedgerOptions } from './dynamodb.ts';
import { jsonAttribute, jsonIn } from './json-attribute.ts';
import { driftMarkSchema, roleStateSchema } from './role-state-schema.ts';

type Item = Record<string, AttributeValue>;

const DAY_S = 86_400;
// Far longer than anything is counted or held without being looked at again.
const MARK_DAYS = 7;
const SPOKESMAN_DAYS = 30;

/**
 * In the ledger's table, in partitions of their own: `state#account/name`, `drifts#account` (one mark a role) and
 * `account#account`. States do not expire: a role's unique id must be known for as long as the role is declared.
 */
export function dynamoDbRoleStates(options: Omit<DynamoDbLedgerOptions, 'retentionDays'>): RoleStates {
  const { client, tableName: TableName, clock } = options;
  const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);
  const expiring = (days: number): Item => ({ expiresAt: { N: String(nowSeconds() + days * DAY_S) } });
  const read = async (Key: Item): Promise<Item | undefined> =>
    (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  // Updates only: the function may change the table's items, and may not replace or delete them.
  const set = async (Key: Item, values: Item, condition: Condition = {}): Promise<boolean> => {
    const names = Object.keys(values);
    try {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
          ConditionExpression: condition.expression,
          ExpressionAttributeValues: {
            ...Object.fromEntries(names.map((name) => [`:${name}`, values[name] ?? { NULL: true }])),
            ...condition.values,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  const setFirst = async (key: Item, text: string, days: number | null): Promise<void> => {
    await set(key, { json: jsonAttribute(text), ...(days === null ? {} : expiring(days)) }, onlyIfNew);
  };
  const text = async (key: Item): Promise<string | null> => {
    const item = await read(key);
    return item === undefined ? null : z.parse(z.string(), jsonIn(item['json']));
  };
  return {
    get: async (role) => {
      const item = await read(stateKey(role));
      return item === undefined ? unknownRole(role) : z.parse(roleStateSchema, jsonIn(item['json']));
    },
    put: async (state: RoleState) => {
      const stored = { ...state, revision: state.revision + 1 };
      return set(
        stateKey(state.role),
        { revision: { N: String(stored.revision) }, json: fitting(stored) },
        state.revision === 0 ? onlyIfNew : onlyIfRevision(state.revision),
      );
    },
    mark: async (mark) => {
      const key = keyOf(`drifts#${mark.role.accountId}`, mark.role.roleName.toLowerCase());
      await set(key, { json: jsonAttribute(mark), ...expiring(MARK_DAYS) });
    },
    marks: async (accountId) => {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#role = :role',
          ExpressionAttributeNames: { '#role': 'role' },
          ExpressionAttributeValues: { ':role': { S: `drifts#${accountId}` } },
        },
      );
      const items: Item[] = [];
      for await (const { Items = [] } of pages) items.push(...Items);
      return items
        .filter((item) => Number(item['expiresAt']?.N ?? 0) > nowSeconds())
        .map((item) => z.parse(driftMarkSchema, jsonIn(item['json'])));
    },
    spokesman: async (accountId, name, incidentId) => {
      const key = accountKey(accountId, `spokesman#${name}`);
      await setFirst(key, incidentId, SPOKESMAN_DAYS);
      return (await text(key)) ?? incidentId;
    },
    knownSince: async (accountId) => text(accountKey(accountId, 'knownSince')),
    startKnowing: async (accountId, at) => setFirst(accountKey(accountId, 'knownSince'), at, null),
  };
}

// In bytes; an item may have 400 KB.
const LONGEST_STATE = 280_000;

/**
 * What somebody has made so large that it does not fit, such as spare versions of a policy, must not keep the role from being
 * looked at: it is done without what a deleted role would be made again from.
 */
function fitting(state: RoleState): AttributeValue {
  const whole = jsonAttribute(state);
  return (whole.B?.length ?? 0) <= LONGEST_STATE ? whole : jsonAttribute({ ...state, lastInSync: null });
}

interface Condition {
  readonly expression?: string;
  readonly values?: Item;
}

const onlyIfNew: Condition = { expression: 'attribute_not_exists(json)' };

function onlyIfRevision(revision: number): Condition {
  return { expression: 'revision = :known', values: { ':known': { N: String(revision) } } };
}

function keyOf(role: string, incidentId: string): Item {
  return { role: { S: role }, incidentId: { S: incidentId } };
}

function stateKey({ accountId, roleName }: RoleRef): Item {
  return keyOf(`state#${accountId}/${roleName.toLowerCase()}`, 'state');
}

function accountKey(accountId: string, name: string): Item {
  return keyOf(`account#${accountId}`, name);
}
