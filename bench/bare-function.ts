import { IAMClient } from '@aws-sdk/client-iam';

import { readRole } from './bare-sdk.ts';
import { theRole } from './the-role.ts';

// The floor of a cold start: a function that only reads the role with the SDK. Bundled and run as ours is.
const iam = new IAMClient({});

export async function handler(): Promise<null> {
  await readRole(iam, theRole.roleName);
  return null;
}
