import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import { describeIam } from '../support/iam-contract.ts';
import { clientOf } from '../support/iam-client.ts';

describeIam('the embedded account', async () => {
  const account = await startEmbeddedAccount({ accountId: '123456789012' });
  const client = clientOf(account.endpoint);
  const close = async () => {
    client.destroy();
    await account.close();
  };
  return { client, accountId: account.accountId, close };
});

// Such as moto's server. What holds there and here is not our own idea of IAM.
const other = process.env['IAM_CONTRACT_ENDPOINT'];
if (other !== undefined) {
  describeIam(other, async () => {
    const client = clientOf(other);
    return { client, accountId: '123456789012', close: async () => client.destroy() };
  });
}
