import { IAMClient } from '@aws-sdk/client-iam';

import { mendRole, readRole } from './bare-sdk.ts';
import { theRole, trustPolicy } from './the-role.ts';

// The floor of a cold start: a function of the SDK alone, which reads the role, or mends it. Bundled and run as ours is.
const iam = new IAMClient({});

export async function handler(): Promise<null> {
  if (process.env['ROLE_IS'] === 'drifted')
    await mendRole(iam, theRole.roleName, JSON.stringify(trustPolicy));
  else await readRole(iam, theRole.roleName);
  return null;
}
