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
  /** The value again; null where there is no such attribute. */
  read(attribute: AttributeValue | undefined): Promise<unknown>;
}

interface DocumentsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Until when what is stored now is kept, in seconds since the epoch. */
  readonly keptUntil: () => number;
}

/** In bytes: an item holds a few of them. */
const LONGEST_INLINE = 60_000;
/**
 * In bytes. DynamoDB refuses items of more than 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html);
 * an emulator counts them as the base64 that they travel in, and what an update replaces as well.
 */
const LONGEST_PART = 140_000;

/**
 * What cannot be compressed, since somebody has made it up so, is kept in parts: no document keeps an incident from being
 * written down, nor its report from being told.
 */
export function documents({ client, tableName: TableName, keptUntil }: DocumentsOptions): Documents {
  return {
    attribute: async (owner, value) => {
      const attribute = jsonAttribute(value);
      const bytes = attribute.B;
      if (bytes === undefined || bytes.length <= LONGEST_INLINE) return attribute;
      const digest = createHash('sha256').update(bytes).digest('base64url');
      const parts = Math.ceil(bytes.length / LONGEST_PART);
      const store = async (_: unknown, part: number) =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: partKey(owner, digest, part),
            UpdateExpression: 'SET part = :part, expiresAt = :expiresAt',
            ExpressionAttributeValues: {
              ':part': { B: bytes.subarray(part * LONGEST_PART, (part + 1) * LONGEST_PART) },
              ':expiresAt': { N: String(keptUntil()) },
            },
          }),
        );
      await Promise.all(Array.from({ length: parts }, store));
      return { M: { owner: { S: owner }, digest: { S: digest }, parts: { N: String(parts) } } };
    },
    read: async (attribute) => {
      if (attribute?.M === undefined) return jsonIn(attribute);
      const { owner, digest, parts } = attribute.M;
      const read = async (_: unknown, part: number): Promise<Uint8Array> => {
        const Key = partKey(owner?.S ?? '', digest?.S ?? '', part);
        const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
        const bytes = Item?.['part']?.B;
        if (bytes === undefined) throw new Error(`the ledger lacks a part of a document of ${owner?.S}`);
        return bytes;
      };
      const bytes = await Promise.all(Array.from({ length: Number(parts?.N ?? 0) }, read));
      return jsonIn({ B: Buffer.concat(bytes) });
    },
  };
}

function partKey(owner: string, digest: string, part: number): Record<string, AttributeValue> {
  return { role: { S: `document#${owner}` }, incidentId: { S: `${digest}#${part}` } };
}
