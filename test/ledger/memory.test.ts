import { expect, it } from 'vitest';

import { memoryDeliveries } from '../../shared/ledger/memory-deliveries.ts';
import { memoryLedger } from '../../shared/ledger/memory.ts';
import { describeDeliveries } from '../support/deliveries-contract.ts';
import { describeLedger } from '../support/ledger-contract.ts';

describeLedger('memory', async () => memoryLedger());
describeDeliveries('memory', async () => memoryDeliveries());

it('can be saved and loaded', async () => {
  const first = memoryLedger();
  await first.open({
    incidentId: '1/app/x',
    role: { accountId: '1', partition: 'aws', roleName: 'app' },
    openedAt: '2026-03-02T10:00:00.000Z',
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
    causes: [],
    before: {},
    found: [],
    plan: [],
  });
  expect(await memoryLedger(first.incidents()).get('1/app/x')).toEqual(await first.get('1/app/x'));
});
