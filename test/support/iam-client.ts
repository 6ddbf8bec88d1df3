import { IAMClient } from '@aws-sdk/client-iam';

/** The unmodified SDK client, pointed at a loopback endpoint; it tries once, so that each test sees each failure. */
export function clientOf(endpoint: string, maxAttempts = 1): IAMClient {
  return new IAMClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  });
}
