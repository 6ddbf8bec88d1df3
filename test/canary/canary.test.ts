import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createCanaryHandler } from '../../functions/canary/create-handler.ts';
import { aspects } from '../../shared/aspects/index.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import { eventRules } from '../../shared/eventbridge/rules.ts';
import {
  CANARY_ROLE_NAME,
  canaryDrift,
  canarySpecText,
  canaryTrustPolicy,
} from '../../shared/spec/canary.ts';
import { loadSpec } from '../../shared/spec/load-spec.ts';
import { isProtectedRoleName } from '../../shared/spec/protected-roles.ts';
import { cli, inFolder, jsonLines } from '../cli/run-cli.ts';
import { anIamEvent, inEnvelope } from '../support/cloudtrail-events.ts';
import { handClock, openAccount } from '../support/open-account.ts';

const drift = canaryDrift('arn:aws:iam::123456789012:role/IamDriftRemediatorCanary');

interface Metric {
  readonly name: string;
  readonly value: number;
}

/** The canary in an account where somebody puts it back after so many milliseconds, or never. */
async function canary(fixAfterMs: number, options = { drift }) {
  const { account, client } = await openAccount();
  account.createRole({ roleName: CANARY_ROLE_NAME, trustPolicy: canaryTrustPolicy });
  account.createRole({ roleName: 'IamDriftRemediatorCanary', trustPolicy: canaryTrustPolicy });
  const clock = handClock();
  const start = clock.now().getTime();
  const metrics: Metric[] = [];
  const record = (name: string, value: number) => void metrics.push({ name, value });
  const telemetry: Telemetry = { info: () => {}, error: () => {}, count: record, milliseconds: record };
  let isFixed = false;
  const run = createCanaryHandler({
    iam: client,
    drift: options.drift,
    telemetry,
    clock: {
      now: clock.now,
      sleep: async (milliseconds) => {
        clock.advance(milliseconds);
        if (isFixed || clock.now().getTime() - start < fixAfterMs) return;
        isFixed = true;
        account.createRole({ roleName: CANARY_ROLE_NAME, trustPolicy: canaryTrustPolicy });
      },
    },
  });
  return { run, metrics, account };
}

describe('the canary', () => {
  it('measures how long its change stood', async () => {
    const { run, metrics } = await canary(7000);
    expect(await run()).toEqual({ fixMs: 7000 });
    expect(metrics).toEqual([
      { name: 'CanaryReverted', value: 1 },
      { name: 'CanaryFix', value: 7000 },
    ]);
  });

  it('says so when nobody puts it back, and does not take its own silence for health', async () => {
    const { run, metrics, account } = await canary(Infinity);
    expect(await run()).toEqual({ fixMs: null });
    expect(metrics).toEqual([{ name: 'CanaryReverted', value: 0 }]);
    expect(account.role(CANARY_ROLE_NAME)?.trustPolicy).toEqual(drift);
  });

  it('is not fooled by reads from before its change, however many', async () => {
    const { run, metrics } = await canary(Infinity, { drift: canaryTrustPolicy });
    expect(await run()).toEqual({ fixMs: null });
    expect(metrics).toEqual([{ name: 'CanaryReverted', value: 0 }]);
  });

  it('wakes the remediator by an event that its rules deliver', () => {
    const event = inEnvelope(anIamEvent('UpdateAssumeRolePolicy', { roleName: CANARY_ROLE_NAME }));
    expect(eventRules(aspects).some(({ pattern }) => matchesEvent(pattern, event))).toBe(true);
  });

  it('is put back by the remediator as something to close, which no guard holds', async () => {
    const event = anIamEvent('UpdateAssumeRolePolicy', {
      roleName: CANARY_ROLE_NAME,
      policyDocument: JSON.stringify(canaryDrift('arn:aws:iam::111122223333:role/IamDriftRemediatorCanary')),
    });
    await inFolder({ 'roles.yaml': canarySpecText('iam-drift-canary') }, async (folder) => {
      const argv = ['replay', '-', '--spec', join(folder, 'roles.yaml'), '--json'];
      const { stdout } = await cli(argv, { stdin: JSON.stringify(event) });
      expect(jsonLines(stdout)).toContainEqual(
        expect.objectContaining({
          outcome: 'remediated',
          verified: true,
          changes: [expect.objectContaining({ effect: 'closes', outcome: 'applied' })],
        }),
      );
    });
  });

  it('is declared by a valid entry under a name that may be managed', () => {
    expect(isProtectedRoleName(CANARY_ROLE_NAME)).toBeNull();
    const { spec, faults } = loadSpec(canarySpecText('iam-drift-canary'), 'canary');
    expect(faults).toEqual([]);
    expect(
      spec?.roles.map(({ name, mode, aspects: declared }) => [name, mode, Object.keys(declared)]),
    ).toEqual([
      [
        CANARY_ROLE_NAME,
        'enforce',
        ['permissionsBoundary', 'trustPolicy', 'managedPolicies', 'inlinePolicies'],
      ],
    ]);
  });
});
