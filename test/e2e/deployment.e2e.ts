import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { deploy } from './deployment/deploy.ts';
import { synthesise } from './deployment/synthesise.ts';
import { emptyAccount } from './moto/aws.ts';

it('the template comes up as it was synthesised, with the spec and the settings that are shipped', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'iam-drift-'));
  const { status, functions, mappings } = await deploy(await emptyAccount(), synthesise({}, outdir));
  rmSync(outdir, { recursive: true });
  expect(status).toBe('CREATE_COMPLETE');
  expect([...functions.keys()].sort()).toEqual(['notify', 'remediate', 'resync']);
  expect(mappings).toHaveLength(3);
});
