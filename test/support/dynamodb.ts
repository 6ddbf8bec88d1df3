import { once } from 'node:events';

import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

export interface LocalTable {
  readonly endpoint: string;
  readonly tableName: string;
  readonly client: DynamoDBClient;
  close(): void;
}

const TABLES = {
  ledger: { hash: 'role', range: 'incidentId' },
  controls: { hash: 'subject', range: 'control' },
} as const;

/** The ledger's table, and beside it one `controls`, in a DynamoDB that was not written by us, in this process. */
export async function ledgerTable(): Promise<LocalTable> {
  return localTable('ledger');
}

/** The table of what operators have said, likewise. */
export async function controlsTable(): Promise<LocalTable> {
  return localTable('controls');
}

async function localTable(tableName: keyof typeof TABLES): Promise<LocalTable> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  // As in loopback-server.ts: else it hangs up on idle clients, at times just as they call.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite has no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
  });
  for (const [TableName, { hash, range }] of Object.entries(TABLES)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: hash, AttributeType: 'S' },
          { AttributeName: range, AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: range, KeyType: 'RANGE' },
        ],
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05 }, { TableName });
  }
  return {
    endpoint,
    tableName,
    client,
    close: () => {
      client.destroy();
      server.close();
    },
  };
}
