import { afterAll, beforeAll, expect, it } from 'vitest';

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

it('what stands in the table and is no time holds nothing for ever: it cannot be read', async () => {
  const controls = dynamoDbControls(table);
  const role = { accountId: '111122223333', partition: 'aws', roleName: 'timeless' };
  await controls.exempt(role, { at: '2026-03-02T10:00:00Z', until: 'soon', reason: 'x', by: 'ann' });
  await expect(controls.of(role)).rejects.toThrow('must be a time');
});
