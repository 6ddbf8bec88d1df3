import {
  type AttributeValue,
  DeleteItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoDbDeliveries } from '../../shared/ledger/dynamodb-deliveries.ts';
import { dynamoDbLedger } from '../../shared/ledger/dynamodb.ts';
import { describeDeliveries } from '../support/deliveries-contract.ts';
import { ledgerTable, type LocalTable } from '../support/dynamodb.ts';
import { describeLedger } from '../support/ledger-contract.ts';
import { noise } from '../support/noise.ts';
import { aChange, aFoundChange, aReport } from '../support/reports.ts';
import { testClock } from '../support/scene.ts';

let table: LocalTable;

beforeAll(async () => {
  table = await ledgerTable();
});

afterAll(() => {
  table.close();
});

const options = () => ({ ...table, clock: testClock(), retentionDays: 400 });
describeLedger('DynamoDB', async () => dynamoDbLedger(options()));
describeDeliveries('DynamoDB', async () => dynamoDbDeliveries(options()));

it('what was told and what is owed are no incidents', async () => {
  const ledger = dynamoDbLedger(options());
  const before = (await ledger.list()).length;
  await dynamoDbDeliveries(options()).record('slack', ['R9']);
  expect(await ledger.list()).toHaveLength(before);
});

it('an incident past its retention is gone, even where DynamoDB has not deleted it yet', async () => {
  const clock = testClock();
  const ledger = dynamoDbLedger({ ...table, clock, retentionDays: 1 });
  const role = { accountId: '111122223333', partition: 'aws', roleName: 'expiring' };
  const incidentId = '111122223333/expiring/X';
  await ledger.open({
    incidentId,
    role,
    openedAt: clock.now().toISOString(),
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
    causes: [],
    before: {},
    found: [],
    plan: [],
  });
  clock.advance(2 * 86_400_000);
  expect(await ledger.get(incidentId)).toBeNull();
  expect(await ledger.list(role)).toEqual([]);
});

it('what an older version found, in a shape that this one does not know, is left out: the role is still looked at', async () => {
  const ledger = dynamoDbLedger(options());
  const entry = {
    incidentId: '111122223333/older/X',
    role: { accountId: '111122223333', partition: 'aws', roleName: 'older' },
    openedAt: '2026-03-02T10:00:00.000Z',
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
    causes: [],
    before: { description: 'x' },
    found: [],
    plan: [],
  };
  await ledger.open(entry);
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: { role: { S: '111122223333/older' }, incidentId: { S: entry.incidentId } },
      UpdateExpression: 'SET #found = :found',
      ExpressionAttributeNames: { '#found': 'found' },
      ExpressionAttributeValues: { ':found': { S: JSON.stringify([{ description: 'x' }]) } },
    }),
  );
  expect(await ledger.owed(entry.role)).toMatchObject([{ before: { description: 'x' }, found: [] }]);
});

const newer = { accountId: '111122223333', partition: 'aws', roleName: 'newer' };
const idOf = (suffix: string) => `111122223333/newer/${suffix}`;
const keyOf = (suffix: string) => ({ role: { S: '111122223333/newer' }, incidentId: { S: idOf(suffix) } });
const entryOf = (suffix: string) => ({
  incidentId: idOf(suffix),
  role: newer,
  openedAt: '2026-03-02T10:00:01.000Z',
  spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
  causes: [],
  before: { description: 'x' },
  found: [aFoundChange()],
  plan: [],
});

async function store(
  key: Readonly<Record<string, AttributeValue>>,
  name: string,
  value: unknown,
): Promise<void> {
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: key,
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': { S: JSON.stringify(value) } },
    }),
  );
}

describe('what a newer version has stored, before a way back to this one', () => {
  it.each<[string, object]>([
    ['outcome', { outcome: 'approved' }],
    ['trigger', { trigger: 'schedule' }],
    ['severity', { severity: 'urgent' }],
  ])('a report with an unknown %s is as good as none: the incident is still owed', async (what, value) => {
    const ledger = dynamoDbLedger(options());
    await ledger.open(entryOf(what));
    await ledger.close(idOf(what), aReport({ id: 'R1' }));
    await store(keyOf(what), 'report', { ...aReport({ id: 'R1' }), ...value });
    const expected = {
      incidentId: idOf(what),
      report: null,
      results: [{ id: 'R1' }],
      found: [aFoundChange()],
    };
    expect(await ledger.get(idOf(what))).toMatchObject(expected);
    expect(await ledger.owed(newer)).toContainEqual(expect.objectContaining({ incidentId: idOf(what) }));
    expect(await ledger.list(newer)).toContainEqual(expect.objectContaining({ incidentId: idOf(what) }));
  });

  it('a result with an unknown outcome is left out', async () => {
    const ledger = dynamoDbLedger(options());
    await ledger.open(entryOf('result'));
    await ledger.close(idOf('result'), aReport({ id: 'R1' }));
    await ledger.close(idOf('result'), aReport({ id: 'R2' }));
    const key = { role: { S: 'results#111122223333/newer' }, incidentId: { S: `${idOf('result')}#R1` } };
    await store(key, 'result', { ...aReport({ id: 'R1' }), outcome: 'approved' });
    expect(await ledger.get(idOf('result'))).toMatchObject({ results: [{ id: 'R2' }], report: { id: 'R2' } });
  });

  it('an incident that cannot be read at all is as good as gone, and keeps nobody from the others', async () => {
    const ledger = dynamoDbLedger(options());
    await ledger.open(entryOf('readable'));
    await ledger.open(entryOf('unreadable'));
    await store(keyOf('unreadable'), 'entry', { ...entryOf('unreadable'), causes: 'of another kind' });
    expect(await ledger.get(idOf('unreadable'))).toBeNull();
    for (const incidents of [await ledger.owed(newer), await ledger.list(newer), await ledger.list()]) {
      const ids = incidents.map(({ incidentId }) => incidentId);
      expect(ids).toContain(idOf('readable'));
      expect(ids).not.toContain(idOf('unreadable'));
    }
  });
});

/** Deletes some of the items, as DynamoDB does with what has expired. */
async function remove(some: (item: Readonly<Record<string, AttributeValue>>) => boolean): Promise<void> {
  for await (const { Items = [] } of paginateScan(table, { TableName: table.tableName }))
    for (const item of Items.filter(some)) {
      const { role: hash, incidentId: range } = item;
      if (hash === undefined || range === undefined) throw new Error('an item without its keys');
      await table.client.send(
        new DeleteItemCommand({ TableName: table.tableName, Key: { role: hash, incidentId: range } }),
      );
    }
}

describe('an incident whose documents are kept in parts', () => {
  const DAY = 86_400_000;
  const role = { accountId: '111122223333', partition: 'aws', roleName: 'large' };
  const incidentId = '111122223333/large/X';
  const before = { managedPolicies: noise('before', 200_000) };
  const entry = {
    incidentId,
    role,
    openedAt: '2026-03-02T10:00:01.000Z',
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
    causes: [],
    found: [],
    plan: [],
  };
  it('keeps all of them for as long as it is opened again', async () => {
    const clock = testClock();
    const ledger = dynamoDbLedger({ ...table, clock, retentionDays: 90 });
    await ledger.open({ ...entry, before });
    const changes = [aChange({ summary: noise('result', 200_000) })];
    await ledger.close(incidentId, aReport({ id: 'R1', changes, nextSteps: [noise('report', 200_000)] }));
    for (const id of ['R2', 'R3']) {
      clock.advance(60 * DAY);
      await remove(({ expiresAt }) => Number(expiresAt?.N) * 1000 < clock.now().getTime());
      await ledger.open({ ...entry, before: { managedPolicies: 'half reverted' } });
      await ledger.close(incidentId, aReport({ id }));
    }
    expect(await ledger.get(incidentId)).toMatchObject({
      before,
      results: [{ id: 'R1', changes }, { id: 'R2' }, { id: 'R3' }],
      report: { id: 'R3' },
    });
  });

  it('of which one is lost is gone, and keeps nobody from the role nor from the other incidents', async () => {
    const ledger = dynamoDbLedger(options());
    const lost = `${incidentId}2`;
    await ledger.open({ ...entry, incidentId: lost, before });
    await remove(({ role: hash }) => hash?.S === `document#${lost}`);
    expect(await ledger.get(lost)).toBeNull();
    expect(await ledger.owed(role)).toMatchObject([{ incidentId }]);
    expect(await ledger.list(role)).toMatchObject([{ incidentId }]);
  });
});
