import { expect, it } from 'vitest';

import { causesOfOthers } from '../../shared/guards/causes-of-others.ts';
import { anActor, aCause } from '../support/reports.ts';

const own = 'arn:aws:iam::111122223333:role/IamDriftRemediatorRemediate';
const abroad = 'arn:aws:iam::999988887777:role/IamDriftRemediatorRemediate';
const alike = 'arn:aws:iam::111122223333:role/IamDriftRemediatorRemediate2';

it.each([
  ['our own revert, as it comes back', own, '2026-03-02T10:00:00Z', false],
  ['what comes long before any revert of ours', own, '2026-03-02T09:58:00Z', true],
  ['what comes long after', own, '2026-03-02T10:01:31Z', true],
  ['what a role does that is called alike', alike, '2026-03-02T10:00:00Z', true],
  ['what a role of that name does in another account', abroad, '2026-03-02T10:00:00Z', true],
  ['what a person does at the same time', null, '2026-03-02T10:00:00Z', true],
])('%s', (_what, issuerArn, eventTime, isOthers) => {
  const cause = aCause({ eventTime, actor: anActor({ issuerArn }) });
  const drift = {
    incidentId: 'i',
    since: '2026-03-02T09:58:00.000Z',
    causes: [cause],
    isPending: true,
    isHeldAsMany: false,
    told: null,
    suspect: null,
  };
  const revert = { id: 'e', at: '2026-03-02T10:00:30.000Z', path: 'trustPolicy', effect: 'closes' } as const;
  expect(
    causesOfOthers({
      role: { accountId: '111122223333', partition: 'aws', roleName: 'app' },
      drift,
      reverts: [revert],
    }),
  ).toEqual(isOthers ? [cause] : []);
});
