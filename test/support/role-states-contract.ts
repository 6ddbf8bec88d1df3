import { describe, expect, it } from 'vitest';

import { unknownRole, type RoleStates } from '../../shared/ports/role-state.ts';
import { aCause } from './reports.ts';

let serial = 0;
const aRole = () => {
  serial += 1;
  return { accountId: '111122223333', partition: 'aws', roleName: `App-${serial}` };
};
const anAccount = () => {
  serial += 1;
  return String(100_000_000_000 + serial);
};

/** What every store of role states promises. `create` answers one that may hold other states already. */
export function describeRoleStates(name: string, create: () => Promise<RoleStates>): void {
  describe(`${name}, as a store of role states`, () => {
    it('knows nothing of a role that was never looked at', async () => {
      const role = aRole();
      expect(await (await create()).get(role)).toEqual(unknownRole(role));
    });

    it('gives back what was stored, whatever the case of the name', async () => {
      const states = await create();
      const role = aRole();
      const state = {
        ...unknownRole(role),
        roleId: 'AROA1',
        carriedOut: { trustPolicy: 'x' },
        drift: {
          incidentId: 'i',
          since: '2026-03-02T10:00:00.000Z',
          causes: [aCause()],
          isPending: true,
          isHeldAsMany: false,
          told: ['a b'],
          suspect: { since: '2026-03-02T10:00:00.000Z', spec: 'sha256:1' },
        },
        reverts: [
          { id: 'e', at: '2026-03-02T10:00:00.000Z', path: 'trustPolicy', effect: 'closes' as const },
        ],
        toldLately: { fights: ['terraform'], differences: ['x'] },
        awaitsCreation: true,
        creatingSince: '2026-03-02T10:00:00.000Z',
        lastSeen: { identityProviders: [{ arn: 'a', exists: true, clientIds: ['b'] }] },
        lastInSync: { path: '/', aspects: { description: 'x', tags: [{ key: 'a', value: 'b' }] } },
        busyUntil: '2026-03-02T10:00:12.000Z',
        lookAt: '2026-03-02T10:15:00.000Z',
      };
      expect(await states.put(state)).toBe(true);
      expect(await states.get({ ...role, roleName: role.roleName.toUpperCase() })).toEqual({
        ...state,
        revision: 1,
      });
    });

    it('takes no state that was made from an older one', async () => {
      const states = await create();
      const first = unknownRole(aRole());
      expect(await states.put({ ...first, roleId: 'AROA1' })).toBe(true);
      expect(await states.put({ ...first, roleId: 'AROA2' })).toBe(false);
      const known = await states.get(first.role);
      expect(await states.put({ ...known, roleId: 'AROA3' })).toBe(true);
      expect(await states.put({ ...known, roleId: 'AROA4' })).toBe(false);
      expect(await states.get(first.role)).toMatchObject({ roleId: 'AROA3', revision: 2 });
    });

    it('keeps one mark a role, by account', async () => {
      const states = await create();
      const role = { ...aRole(), accountId: anAccount() };
      const mark = {
        role,
        since: '2026-03-02T10:00:00.000Z',
        spec: 'sha256:1',
        isSuspect: false,
        doorClosedAt: '2026-03-02T10:00:00.000Z',
        plan: ['detach x'],
        isHeld: false,
        isStranger: false,
      };
      await states.mark(mark);
      await states.mark({ ...mark, isHeld: true });
      await states.mark({ ...mark, role: { ...role, roleName: 'other' } });
      await states.mark({ ...mark, role: aRole() });
      expect(await states.marks(role.accountId)).toEqual(
        expect.arrayContaining([
          { ...mark, isHeld: true },
          { ...mark, role: { ...role, roleName: 'other' } },
        ]),
      );
      expect(await states.marks(role.accountId)).toHaveLength(2);
    });

    it('lets the first who asks speak for all', async () => {
      const states = await create();
      const account = anAccount();
      expect(await states.spokesman(account, 'spec 1', 'a')).toBe('a');
      expect(await states.spokesman(account, 'spec 1', 'b')).toBe('a');
      expect(await states.spokesman(account, 'spec 2', 'b')).toBe('b');
      expect(await states.spokesman(anAccount(), 'spec 1', 'c')).toBe('c');
    });

    it('keeps since when an account’s roles are known', async () => {
      const states = await create();
      const account = anAccount();
      expect(await states.knownSince(account)).toBeNull();
      await states.startKnowing(account, '2026-03-02T10:00:00.000Z');
      await states.startKnowing(account, '2026-03-03T10:00:00.000Z');
      expect(await states.knownSince(account)).toBe('2026-03-02T10:00:00.000Z');
    });
  });
}
