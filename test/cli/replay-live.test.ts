import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { aSpec, backdoor, managed, putTrust, trustsEc2 } from '../support/app-role.ts';
import { openAccount } from '../support/open-account.ts';
import { ACCOUNT_ID } from '../support/scene.ts';
import { cli, inFolder } from './run-cli.ts';

const names = ['app', 'web'];
const events = names.map((name, index) =>
  putTrust(backdoor, { eventTime: `2026-03-02T10:00:0${index}Z` }, name),
);
const files = { 'roles.yaml': aSpec({ names }), 'events.json': JSON.stringify(events) };

/** An account in which both roles stand open, and a live replay of who opened them. */
async function backdoored() {
  const { account } = await openAccount({ accountId: ACCOUNT_ID });
  account.ensurePrincipals(backdoor);
  for (const roleName of names)
    account.createRole({ roleName, trustPolicy: backdoor, managedPolicies: [managed('ReadOnlyAccess')] });
  vi.stubEnv('AWS_ENDPOINT_URL_IAM', account.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  onTestFinished(() => void vi.unstubAllEnvs());
  const replay = async (cwd: string, ledger: string) =>
    cli(['replay', 'events.json', '--spec', 'roles.yaml', '--live', '--apply', '--ledger', ledger], {
      cwd,
      env: { AWS_ENDPOINT_URL_IAM: account.endpoint },
    });
  return { account, replay };
}

const trustIn = (account: EmbeddedAccount) => names.map((name) => account.role(name)?.trustPolicy);

async function incidentsIn(cwd: string): Promise<number> {
  const kept: unknown = JSON.parse(await readFile(path.join(cwd, 'ledger.json'), 'utf8'));
  return z.parse(z.object({ incidents: z.array(z.unknown()) }), kept).incidents.length;
}

describe('a live replay with a ledger', () => {
  it('changes nothing where the ledger cannot be written, and says what to do', async () => {
    const { account, replay } = await backdoored();
    await inFolder(files, async (cwd) => {
      const { exitCode, stdout, stderr } = await replay(cwd, 'nowhere/ledger.json');
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(
        'error: nowhere/ledger.json: cannot be written: there is no such folder. ' +
          'Create it, or name another file with --ledger FILE',
      );
    });
    expect(account.calls).toEqual([]);
    expect(trustIn(account)).toEqual([backdoor, backdoor]);
  });

  it('has written down what was done before it goes on: killed, it loses no record', async () => {
    const { account, replay } = await backdoored();
    account.setLatency(100);
    await inFolder(files, async (cwd) => {
      const run = replay(cwd, 'ledger.json');
      await vi.waitFor(async () => expect(await incidentsIn(cwd)).toBe(0), { timeout: 5000, interval: 10 });
      await vi.waitFor(async () => expect(await incidentsIn(cwd)).toBe(1), { timeout: 5000, interval: 10 });
      expect(trustIn(account)).toEqual([trustsEc2, backdoor]);
      expect((await run).exitCode).toBe(0);
      expect(await incidentsIn(cwd)).toBe(2);
    });
  });
});
