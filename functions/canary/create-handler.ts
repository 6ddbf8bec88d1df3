import { GetRoleCommand, type IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';

import type { JsonObject } from '../../shared/model.ts';
import { comparePolicies } from '../../shared/policy/equal.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { CANARY_ROLE_NAME, canaryTrustPolicy } from '../../shared/spec/canary.ts';

export interface CanaryDeps {
  readonly iam: Pick<IAMClient, 'send'>;
  /** What the trust policy is changed to. */
  readonly drift: JsonObject;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

const PAUSE_MS = 1000;
/** The chain takes seconds; CloudTrail may take minutes. */
const PATIENCE_MS = 4 * 60_000;
/** IAM's reads may be stale: one after the other must say so. */
const READS_TO_BELIEVE = 2;

/**
 * Changes the canary role and waits until somebody has put it back: from outside, knowing nothing of how that is done.
 * Tells by metrics how long it took, or that it did not happen; silence is an alarm.
 */
export function createCanaryHandler(deps: CanaryDeps): () => Promise<{ readonly fixMs: number | null }> {
  const { iam, drift, telemetry, clock } = deps;
  return async () => {
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: CANARY_ROLE_NAME,
        PolicyDocument: JSON.stringify(drift),
      }),
    );
    const changedAt = clock.now().getTime();
    const backAt = await timeOfReturn(deps, changedAt + PATIENCE_MS);
    const fixMs = backAt === null ? null : backAt - changedAt;
    telemetry.count('CanaryReverted', fixMs === null ? 0 : 1);
    if (fixMs === null)
      telemetry.error('canary was not put back', { roleName: CANARY_ROLE_NAME, waitedMs: PATIENCE_MS });
    else {
      telemetry.milliseconds('CanaryFix', fixMs);
      telemetry.info('canary was put back', { roleName: CANARY_ROLE_NAME, fixMs });
    }
    return { fixMs };
  };
}

/** When the role was first seen as declared after it was seen changed, and so it remained; null if not in time. */
async function timeOfReturn({ iam, clock }: CanaryDeps, deadline: number): Promise<number | null> {
  let isChangeSeen = false;
  let seenBackAt: number | null = null;
  let reads = 0;
  while (clock.now().getTime() < deadline) {
    const isBack = await isAsDeclared(iam);
    const now = clock.now().getTime();
    isChangeSeen ||= !isBack;
    if (isBack && isChangeSeen) {
      seenBackAt ??= now;
      reads += 1;
      if (reads === READS_TO_BELIEVE) return seenBackAt;
    } else {
      seenBackAt = null;
      reads = 0;
    }
    await clock.sleep(PAUSE_MS);
  }
  return null;
}

async function isAsDeclared(iam: CanaryDeps['iam']): Promise<boolean> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: CANARY_ROLE_NAME }));
  const trustPolicy = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  return comparePolicies(canaryTrustPolicy, trustPolicy, { kind: 'trust' }).equivalent;
}
