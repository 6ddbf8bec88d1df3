import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

/**
 * Whose credentials these are, in AWS's words: `assumed-role/IamDriftRemediatorOperator/ann`, `user/ann`, `root`. AWS needs no
 * permission for it: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function stsCaller(config: STSClientConfig): Promise<string> {
  const client = new STSClient(config);
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    const caller = Arn?.split(':').slice(5).join(':') ?? '';
    if (caller === '') throw new Error('the answer has no ARN');
    return caller;
  } finally {
    client.destroy();
  }
}
