import { once } from 'node:events';

import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { dynamoDbLedger } from '../../shared/ledger/dynamodb.ts';
import { describeLedger } from '../support/ledger-contract.ts';
import { testClock } from '../support/scene.ts';

const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
const TableName = 'ledger';
let client: DynamoDBClient;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite has no port');
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'role', AttributeType: 'S' },
        { AttributeName: 'incidentId', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'role', KeyType: 'HASH' },
        { AttributeName: 'incidentId', KeyType: 'RANGE' },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05 }, { TableName });
});

afterAll(() => {
  client.destroy();
  server.close();
});

describeLedger('DynamoDB', async () =>
  dynamoDbLedger({ client, tableName: TableName, clock: testClock(), retentionDays: 400 }),
);

it('an incident past its retention is gone, even where DynamoDB has not deleted it yet', async () => {
  const clock = testClock();
  const ledger = dynamoDbLedger({ client, tableName: TableName, clock, retentionDays: 1 });
  const role = { accountId: '111122223333', partition: 'aws', roleName: 'expiring' };
  const incidentId = '111122223333/expiring/X';
  await ledger.open({
    incidentId,
    role,
    openedAt: clock.now().toISOString(),
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
    causes: [],
    before: {},
    plan: [],
  });
  clock.advance(2 * 86_400_000);
  expect(await ledger.get(incidentId)).toBeNull();
  expect(await ledger.list(role)).toEqual([]);
});
