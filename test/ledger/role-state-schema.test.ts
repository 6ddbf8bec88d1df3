import { expect, it } from 'vitest';
import * as z from 'zod/mini';

import { driftMarkSchema, roleStateSchema } from '../../shared/ledger/role-state-schema.ts';
import { unknownRole } from '../../shared/ports/role-state.ts';

const role = { accountId: '111122223333', partition: 'aws', roleName: 'app' };
const actor = {
  type: 'IAMUser',
  arn: 'arn:aws:iam::111122223333:user/alice',
  accountId: '111122223333',
  userName: 'alice',
  sessionName: null,
  issuerArn: null,
  accessKeyId: null,
  invokedBy: null,
  sourceIpAddress: null,
  userAgent: null,
  mfa: null,
};
const drift = {
  incidentId: '111122223333/app/3T0V5N8Q2W',
  since: '2026-03-02T10:00:00.000Z',
  causes: [
    {
      eventId: 'e1',
      eventName: 'AttachRolePolicy',
      eventTime: '2026-03-02T10:00:00Z',
      region: 'us-east-1',
      actor,
    },
  ],
  isPending: true,
  isHeldAsMany: false,
  told: ['digest'],
  suspect: null,
};
const revert = { id: 'e1', at: '2026-03-02T10:00:00.000Z', path: 'trustPolicy', effect: 'closes' };

it('a state that the first versions stored is read: what they did not remember is not known', () => {
  const stored = {
    role,
    revision: 7,
    roleId: 'AROA1',
    strangerId: null,
    inSyncWith: 'sha256:0',
    drift: { ...drift, told: 'digest', suspect: undefined },
    reverts: [revert],
    fightsTold: ['fight', 'digest'],
    lookAt: '2026-03-02T10:10:00.000Z',
  };
  expect(z.parse(roleStateSchema, stored)).toEqual({
    ...unknownRole(role),
    revision: 7,
    roleId: 'AROA1',
    drift: { ...drift, told: null },
    reverts: [revert],
    lookAt: '2026-03-02T10:10:00.000Z',
  });
});

it('what a newer version remembers besides is dropped, wherever it stands', () => {
  const state = { ...unknownRole(role), revision: 1, drift, reverts: [revert] };
  const lastInSync = { path: '/', aspects: {} };
  const newer = {
    ...state,
    more: 1,
    drift: { ...drift, more: 1 },
    reverts: [{ ...revert, more: 1 }],
    toldLately: { ...state.toldLately, more: 1 },
    lastInSync: { ...lastInSync, more: 1 },
  };
  expect(z.parse(roleStateSchema, newer)).toEqual({ ...state, lastInSync });
  const mark = {
    role,
    since: drift.since,
    spec: 'sha256:1',
    isSuspect: false,
    doorClosedAt: null,
    plan: [],
    isHeld: false,
    isStranger: false,
  };
  expect(z.parse(driftMarkSchema, { ...mark, more: 1 })).toEqual(mark);
});
