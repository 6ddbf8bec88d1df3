import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import type { JsonObject } from '../../shared/model.ts';
import { aSpec, attach, backdoor, managed, putTrust, trustsEc2 } from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { openAccount } from '../support/open-account.ts';
import { ACCOUNT_ID } from '../support/scene.ts';
import { cli, inFolder, jsonLines } from './run-cli.ts';

const ledger = ['--ledger', 'ledger.json'] as const;
const ledgerSchema = z.object({
  incidents: z.array(z.object({ incidentId: z.string() })),
  controls: z.object({
    exemptions: z.array(z.tuple([z.string(), z.object({ until: z.string(), reason: z.string() })])),
  }),
});

interface RolledBackRole {
  readonly account: EmbeddedAccount;
  readonly incidentId: string;
  /** As if IAM's answers had been lost on the way, or we had crashed: what was put back was found so. */
  readonly loseAnswers: () => Promise<void>;
  readonly rollback: (...argv: readonly string[]) => ReturnType<typeof cli>;
  readonly exemptions: () => Promise<z.infer<typeof ledgerSchema>['controls']['exemptions']>;
}

/** The role `app`, as declared, in an account; and a ledger in which these events were reverted. */
async function afterRevert(
  events: readonly JsonObject[],
  test: (one: RolledBackRole) => Promise<void>,
  spec = aSpec(),
): Promise<void> {
  const { account } = await openAccount({ accountId: ACCOUNT_ID });
  account.createRole({
    roleName: 'app',
    trustPolicy: trustsEc2,
    managedPolicies: [managed('ReadOnlyAccess')],
  });
  for (const [name, value] of [
    ['AWS_ENDPOINT_URL_IAM', account.endpoint],
    ['AWS_ACCESS_KEY_ID', 'example'],
    ['AWS_SECRET_ACCESS_KEY', 'example'],
  ] as const)
    vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await inFolder({ 'roles.yaml': spec, 'events.json': JSON.stringify(events) }, async (cwd) => {
    await cli(['replay', 'events.json', '--spec', 'roles.yaml', ...ledger], { cwd });
    const kept = async () =>
      z.parse(ledgerSchema, JSON.parse(await readFile(path.join(cwd, 'ledger.json'), 'utf8')));
    const incidentId = (await kept()).incidents[0]?.incidentId ?? '';
    const file = path.join(cwd, 'ledger.json');
    const env = { AWS_ENDPOINT_URL_IAM: account.endpoint, USER: 'ann' };
    await test({
      account,
      incidentId,
      loseAnswers: async () => {
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.replaceAll(/("outcome":\s*)"applied"/g, '$1"already-in-place"'));
      },
      rollback: async (...argv) => cli(['rollback', ...argv, ...ledger], { cwd, env }),
      exemptions: async () => (await kept()).controls.exemptions,
    });
  });
}

const writes = (account: EmbeddedAccount) =>
  account.calls.filter(({ operation }) => !/^(?:Get|List)/.test(operation)).map(({ operation }) => operation);

const boundary = managed('PowerUserAccess');
const guard: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
};
const denied = managed('AWSDenyAll');
const specWith = (attached: readonly string[], more: JsonObject) =>
  JSON.stringify({
    version: 1,
    defaults: { mode: 'enforce' },
    roles: [
      {
        name: 'app',
        trustPolicy: trustsEc2,
        managedPolicies: { attached: [managed('ReadOnlyAccess'), ...attached], unlisted: 'detach' },
        ...more,
      },
    ],
  });
const wrong = specWith([denied], {
  inlinePolicies: { guard },
  permissionsBoundary: boundary,
  tags: { team: 'web' },
});
const right = specWith([], { inlinePolicies: {}, permissionsBoundary: 'none', tags: {} });
/** What the wrong spec had us do; the event before it, since the account of the replay starts as declared. */
const puts = [
  {
    what: 'a boundary',
    eventName: 'PutRolePermissionsBoundary',
    requestParameters: { roleName: 'app', permissionsBoundary: boundary },
    before: anIamEvent('DeleteRolePermissionsBoundary', { roleName: 'app' }),
  },
  {
    what: 'an inline policy that only denies',
    eventName: 'PutRolePolicy',
    requestParameters: { roleName: 'app', policyName: 'guard', policyDocument: JSON.stringify(guard) },
    before: anIamEvent('DeleteRolePolicy', { roleName: 'app', policyName: 'guard' }),
  },
  {
    what: 'a managed policy that only denies',
    eventName: 'AttachRolePolicy',
    requestParameters: { roleName: 'app', policyArn: denied },
    before: anIamEvent('DetachRolePolicy', { roleName: 'app', policyArn: denied }),
  },
  {
    what: 'a tag',
    eventName: 'TagRole',
    requestParameters: { roleName: 'app', tags: [{ key: 'team', value: 'web' }] },
    before: anIamEvent('UntagRole', { roleName: 'app', tagKeys: ['team'] }),
  },
];

describe('rollback', () => {
  it('shows the plan and whom it lets in again, and changes nothing without --apply', async () => {
    await afterRevert([putTrust(backdoor)], async ({ account, incidentId, rollback, exemptions }) => {
      const { exitCode, stdout, stderr } = await rollback(incidentId);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain('→ put back the trust policy that was there');
      expect(stdout).toMatch(/\+ account 999988887777 .*can now assume this role/);
      expect(stdout).toContain('Nothing was changed');
      expect(writes(account)).toEqual([]);
      expect(await exemptions()).toEqual([]);
    });
  });

  it('says what to name where the credentials may not read the role, and exempts nothing', async () => {
    await afterRevert([putTrust(backdoor)], async ({ account, incidentId, rollback, exemptions }) => {
      account.inject({ operation: 'GetRole', error: 'AccessDenied' });
      const { exitCode, stderr } = await rollback(incidentId, '--apply');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^error: rollback: .*not authorized to perform: iam:GetRole.*--iam-profile/);
      expect(writes(account)).toEqual([]);
      expect(await exemptions()).toEqual([]);
    });
  });

  it('takes the credentials of the profile that is named, with no word of those in the environment', async () => {
    await afterRevert([putTrust(backdoor)], async ({ account, incidentId, rollback }) => {
      const file = '[admin]\naws_access_key_id = admin\naws_secret_access_key = example\n';
      await inFolder({ credentials: file }, async (folder) => {
        vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path.join(folder, 'credentials'));
        const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
        onTestFinished(() => warn.mockRestore());
        const { exitCode, stderr } = await rollback(incidentId, '--iam-profile', 'admin', '--apply');
        expect([exitCode, stderr, warn.mock.calls]).toEqual([0, '', []]);
        expect(writes(account)).toEqual(['UpdateAssumeRolePolicy']);
        const unknown = await rollback(incidentId, '--iam-profile', 'nobody');
        expect(unknown.exitCode).toBe(1);
      });
    });
  });

  it('holds the role, and then puts back what was there', async () => {
    const events = [putTrust(backdoor), attach('SecurityAudit')];
    await afterRevert(events, async ({ account, rollback, incidentId, exemptions }) => {
      const { exitCode, stdout } = await rollback(incidentId, '--hold', '4h', '--apply', '--json');
      expect(exitCode).toBe(0);
      expect(account.role('app')).toMatchObject({ trustPolicy: backdoor });
      expect(jsonLines(stdout)).toMatchObject([
        {
          incidentId,
          applied: true,
          verified: true,
          left: [],
          exemption: { by: 'ann', reason: `rollback of ${incidentId}` },
        },
      ]);
      const [[, exemption] = []] = await exemptions();
      expect(exemption?.reason).toBe(`rollback of ${incidentId}`);
      expect(Date.parse(exemption?.until ?? '') - Date.now()).toBeGreaterThan(3.9 * 3_600_000);
    });
  });

  it('what was detached is detached again, what was attached comes back', async () => {
    const detach = anIamEvent('DetachRolePolicy', { roleName: 'app', policyArn: managed('ReadOnlyAccess') });
    await afterRevert([detach], async ({ account, rollback, incidentId }) => {
      expect((await rollback(incidentId, '--apply')).exitCode).toBe(0);
      expect(account.role('app')).toMatchObject({ managedPolicies: [] });
      const again = await rollback(incidentId, '--apply');
      expect(again.stdout).toContain('it is so already');
    });
  });

  describe('of what a wrong spec has put on the role', () => {
    it.each(puts)('takes $what away again', async (put) => {
      await afterRevert(
        [put.before],
        async ({ account, rollback, incidentId }) => {
          for (const other of puts) if (other !== put) account.apply(other);
          const before = account.role('app');
          account.apply(put);
          expect(account.role('app')).not.toEqual(before);
          const plan = await rollback(incidentId);
          expect(plan.stdout).toMatch(/^→ (?:remove|delete|detach) /m);
          expect([plan.exitCode, writes(account)]).toEqual([0, []]);
          const { exitCode, stdout } = await rollback(incidentId, '--apply');
          expect(stdout).toMatch(/^✓ (?:remove|delete|detach) /m);
          expect(exitCode).toBe(0);
          expect(account.role('app')).toEqual(before);
        },
        wrong,
      );
    });

    it.each(puts)('takes $what away again, though the answer was lost when it was put there', async (put) => {
      await afterRevert(
        [put.before],
        async ({ account, rollback, incidentId, loseAnswers }) => {
          await loseAnswers();
          for (const other of puts) if (other !== put) account.apply(other);
          const before = account.role('app');
          account.apply(put);
          expect((await rollback(incidentId, '--apply')).exitCode).toBe(0);
          expect(account.role('app')).toEqual(before);
        },
        wrong,
      );
    });

    it.each(puts)('leaves $what where somebody else has put it since, and says so', async (put) => {
      await afterRevert(
        [putTrust(backdoor)],
        async ({ account, rollback, incidentId }) => {
          account.apply(put);
          const there = account.role('app');
          const plan = await rollback(incidentId);
          expect(plan.stdout).toMatch(
            /^! (?:.* somebody’s containment and\s+is\s+never|tags\[team\] cannot be put back as it was$)/m,
          );
          expect([plan.exitCode, writes(account)]).toEqual([2, []]);
          expect(plan.stdout).not.toMatch(/no longer limits|may no longer do/);
          const { exitCode, stdout } = await rollback(incidentId, '--apply');
          expect(exitCode).toBe(2);
          expect(stdout).toMatch(/^! (?:still not as it was: |tags\[team\] cannot be put back)/m);
          expect(account.role('app')).toEqual({ ...there, trustPolicy: backdoor });
        },
        right,
      );
    });
  });

  it('a role that is gone is made again another way', async () => {
    await afterRevert([putTrust(backdoor)], async ({ account, rollback, incidentId, exemptions }) => {
      account.apply({
        eventName: 'DetachRolePolicy',
        requestParameters: { roleName: 'app', policyArn: managed('ReadOnlyAccess') },
      });
      account.apply({ eventName: 'DeleteRole', requestParameters: { roleName: 'app' } });
      const { exitCode, stderr } = await rollback(incidentId, '--apply');
      expect(exitCode).toBe(1);
      expect(stderr).toContain('iam-drift recreate');
      expect(await exemptions()).toEqual([]);
    });
  });

  it('asks for an incident that there is', async () => {
    await afterRevert([putTrust(backdoor)], async ({ rollback }) => {
      const { exitCode, stderr } = await rollback('x/y/z');
      expect(exitCode).toBe(1);
      expect(stderr).toContain('no incident x/y/z');
      expect((await rollback('x/y/z', '--hold', '25h')).stderr).toContain('24h at most');
    });
  });
});
