import { afterAll, beforeAll } from 'vitest';

import { dynamoDbControls } from '../../shared/ledger/dynamodb-controls.ts';
import { memoryControls } from '../../shared/ledger/memory-controls.ts';
import { describeControls } from '../support/controls-contract.ts';
import { controlsTable, type LocalTable } from '../support/dynamodb.ts';

let table: LocalTable;

beforeAll(async () => {
  table = await controlsTable();
});

afterAll(() => {
  table.close();
});

describeControls('memory', async () => memoryControls());
describeControls('DynamoDB', async () => dynamoDbControls(table));
