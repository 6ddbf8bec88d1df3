import { afterAll, beforeAll } from 'vitest';

import { describeLedger } from '../support/ledger-contract.ts';
import { install, type Installation } from './chain/installation.ts';

let installation: Installation;

beforeAll(async () => {
  installation = await install();
});

afterAll(() => installation.stop());

describeLedger('DynamoDB, its table as the template makes it', async () => installation.ledger);
