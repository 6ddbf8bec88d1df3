import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { deploy } from './deployment/deploy.ts';
import { rewrites } from './deployment/rewrites.ts';
import { synthesise } from './deployment/synthesise.ts';
import { emptyAccount } from './moto/aws.ts';

describe('the template', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'iam-drift-'));
  const shipped = synthesise({}, outdir);

  it('comes up with the spec and the settings that are shipped', async () => {
    const { status, functions, mappings } = await deploy(await emptyAccount(), shipped);
    rmSync(outdir, { recursive: true });
    expect(status).toBe('CREATE_COMPLETE');
    expect([...functions.keys()].sort()).toEqual(['notify', 'remediate', 'resync']);
    expect(mappings).toHaveLength(3);
  });

  it.each(rewrites)('is rewritten for moto only where it must be: $reason', ({ apply }) => {
    expect(apply(shipped.template)).not.toEqual(shipped.template);
  });
});
