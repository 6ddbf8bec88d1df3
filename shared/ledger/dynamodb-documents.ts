import { createHash } from 'node:crypto';

import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import { jsonAttribute, jsonIn } from './json-attribute.ts';

/** JSON of any size as attributes of an item. */
export interface Documents {
  /**
   * The attribute to store. Where an item would have no room for it, it refers to what has been stored beside it by then,
   * under the same owner.
   */
  attribute(owner: string, value: unknown): Promise<AttributeValue>;
  /** The value again; null where there is no such attribute, or where a part of it is gone. */
  read(attribute: AttributeValue | undefined): Promise<unknown>;
  /** Keeps what an attribute refers to as long as what is stored now. */
  keep(attribute: AttributeValue | undefined): Promise<void>;
}

interface DocumentsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Until when the items of what is stored now are kept, in seconds since the epoch. */
  readonly keptUntil: () => number;
}

/** In bytes: an item holds a few of them. */
const LONGEST_INLINE = 60_000;
/**
 * In bytes. DynamoDB refuses items of more than 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html);
 * an emulator counts them as the base64 that they travel in, and what an update replaces as well.
 */
const LONGEST_PART = 140_000;

/** DynamoDB deletes what has expired in any order: no item must be left without its parts. */
const LONGER_S = 86_400;

/**
 * What cannot be compressed, since somebody has made it up so, is kept in parts: no document keeps an incident from being
 * written down, nor its report from being told.
 */
export function documents({ client, tableName: TableName, keptUntil }: DocumentsOptions): Documents {
  const expiresAt = () => ({ N: String(keptUntil() + LONGER_S) });
  const update = async (Key: Key, part?: Uint8Array) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: `SET expiresAt = :expiresAt${part === undefined ? '' : ', part = :part'}`,
        ExpressionAttributeValues: {
          ':expiresAt': expiresAt(),
          ...(part !== undefined && { ':part': { B: part } }),
        },
      }),
    );
  return {
    attribute: async (owner, value) => {
      const attribute = jsonAttribute(value);
      const bytes = attribute.B;
      if (bytes === undefined || bytes.length <= LONGEST_INLINE) return attribute;
      const digest = createHash('sha256').update(bytes).digest('base64url');
      const parts = Math.ceil(bytes.length / LONGEST_PART);
      const reference = { owner: { S: owner }, digest: { S: digest }, parts: { N: String(parts) } };
      const store = async (key: Key, part: number) =>
        update(key, bytes.subarray(part * LONGEST_PART, (part + 1) * LONGEST_PART));
      await Promise.all(partKeys(reference).map(store));
      return { M: reference };
    },
    read: async (attribute) => {
      if (attribute?.M === undefined) return jsonIn(attribute);
      const parts = await Promise.all(
        partKeys(attribute.M).map(async (Key) => {
          const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
          return Item?.['part']?.B ?? null;
        }),
      );
      const bytes = parts.flatMap((part) => part ?? []);
      return bytes.length < parts.length ? null : jsonIn({ B: Buffer.concat(bytes) });
    },
    keep: async (attribute) => {
      await Promise.all(partKeys(attribute?.M ?? {}).map(async (key) => update(key)));
    },
  };
}

type Key = Record<string, AttributeValue>;

function partKeys({ owner, digest, parts }: Record<string, AttributeValue>): readonly Key[] {
  return Array.from({ length: Number(parts?.N ?? 0) }, (_, part) => ({
    role: { S: `document#${owner?.S ?? ''}` },
    incidentId: { S: `${digest?.S ?? ''}#${part}` },
  }));
}
