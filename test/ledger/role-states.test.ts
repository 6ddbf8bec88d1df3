import { afterAll, beforeAll, expect, it } from 'vitest';

import { dynamoDbRoleStates } from '../../shared/ledger/dynamodb-role-states.ts';
import { memoryRoleStates } from '../../shared/ledger/memory-role-states.ts';
import { unknownRole } from '../../shared/ports/role-state.ts';
import { ledgerTable, type LocalTable } from '../support/dynamodb.ts';
import { noise } from '../support/noise.ts';
import { describeRoleStates } from '../support/role-states-contract.ts';
import { testClock } from '../support/scene.ts';

let table: LocalTable;

beforeAll(async () => {
  table = await ledgerTable();
});

afterAll(() => {
  table.close();
});

describeRoleStates('memory', async () => memoryRoleStates());
describeRoleStates('DynamoDB', async () => dynamoDbRoleStates({ ...table, clock: testClock() }));

it('DynamoDB does without what makes a role again where it is too large, and keeps all else', async () => {
  const states = dynamoDbRoleStates({ ...table, clock: testClock() });
  const role = { accountId: '111122223333', partition: 'aws', roleName: 'large' };
  const versions = { path: '/', aspects: { managedPolicies: noise('versions', 900_000) } };
  const state = { ...unknownRole(role), roleId: 'AROA1', lastInSync: versions };
  expect(await states.put(state)).toBe(true);
  expect(await states.get(role)).toEqual({ ...state, revision: 1, lastInSync: null });
});

it('memory can be saved and loaded', async () => {
  const first = memoryRoleStates();
  const role = { accountId: '1', partition: 'aws', roleName: 'app' };
  await first.put({ ...unknownRole(role), roleId: 'AROA1' });
  await first.startKnowing('1', '2026-03-02T10:00:00.000Z');
  const second = memoryRoleStates(first.saved());
  expect(await second.get(role)).toEqual(await first.get(role));
  expect(await second.knownSince('1')).toBe('2026-03-02T10:00:00.000Z');
});
