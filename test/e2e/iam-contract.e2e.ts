import { describeIam } from '../support/iam-contract.ts';
import { clientOf } from '../support/iam-client.ts';
import { ACCOUNT_ID } from './moto/account.ts';
import { emptyAccount } from './moto/aws.ts';

// What holds here and for the embedded account is not our own idea of IAM.
describeIam('moto', async () => {
  const { endpoint } = await emptyAccount();
  const client = clientOf(endpoint);
  return { client, accountId: ACCOUNT_ID, close: async () => client.destroy() };
});
