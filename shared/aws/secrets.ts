import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import type { Transports } from '../ports/transports.ts';
import { type AwsRegion, inShortTime } from './in-short-time.ts';

/** Reads secrets from Secrets Manager, each once until asked to read it afresh. A failed reading is not remembered. */
export function secretsManagerSecrets(config: AwsRegion = {}): Transports['secret'] {
  const client = new SecretsManagerClient({ ...inShortTime, ...config });
  const known = new Map<string, string>();
  return async (name, { fresh } = { fresh: false }) => {
    const remembered = known.get(name);
    if (remembered !== undefined && !fresh) return remembered;
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) throw new Error(`secret ${name} is binary: store it as text`);
    known.set(name, SecretString);
    return SecretString;
  };
}
