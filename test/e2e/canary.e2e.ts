import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { functionNames, ownRoleNames } from '../../infra/names.ts';
import { CANARY_ROLE_NAME, canaryTrustPolicy } from '../../shared/spec/canary.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { declaredRoles } from './chain/declared-roles.ts';
import { roleNow } from './chain/iam-changes.ts';
import { install, type Installation, secondsOf } from './chain/installation.ts';
import { ACCOUNT_ID } from './moto/account.ts';

let installation: Installation;

beforeAll(async () => {
  installation = await install({ ...declaredRoles, name: 'canary', settings: { canary: true } });
});

afterAll(() => installation.stop());

const measurement = z.object({ fixMs: z.number() });
/** What CloudTrail says of the function's own calls: anybody else's would be told as tampering. */
const asCanary = {
  type: 'AssumedRole',
  arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${ownRoleNames.canary}/${functionNames.canary}`,
  accountId: ACCOUNT_ID,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT_ID}:role/${ownRoleNames.canary}` },
  },
};
const trustNow = async () => (await roleNow(installation.aws.iam, CANARY_ROLE_NAME)).trustPolicy;

it('the canary: changed by its own function, put back by the chain, measured, and nobody is disturbed', async () => {
  expect(await trustNow()).toEqual(canaryTrustPolicy);
  const measured = installation.canary();
  // Awaited below; should something fail before, that is what is told.
  measured.catch(() => null);
  while (JSON.stringify(await trustNow()) === JSON.stringify(canaryTrustPolicy)) await sleep(100);
  const changed = await trustNow();
  // CloudTrail takes longer.
  await sleep(1000);
  await installation.putEvent(
    anIamEvent(
      'UpdateAssumeRolePolicy',
      { roleName: CANARY_ROLE_NAME, policyDocument: JSON.stringify(changed) },
      { userIdentity: asCanary, eventTime: secondsOf(Date.now() - 20_000) },
    ),
  );
  expect((await installation.carry('changes')).failed).toEqual([]);
  expect(await trustNow()).toEqual(canaryTrustPolicy);
  expect(z.parse(measurement, await measured).fixMs).toBeGreaterThan(0);
  expect((await installation.carry('reports')).bodies).toEqual([]);
  expect(installation.denied()).toEqual([]);
});
