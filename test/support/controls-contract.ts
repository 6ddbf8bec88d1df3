import { describe, expect, it } from 'vitest';

import type { OperatorControls } from '../../shared/ports/controls.ts';

const at = '2026-03-02T10:00:00.000Z';
let serial = 0;
const aRole = () => {
  serial += 1;
  return { accountId: String(100_000_000_000 + serial), partition: 'aws', roleName: `App-${serial}` };
};

/** What every store of controls promises. */
export function describeControls(name: string, create: () => Promise<OperatorControls>): void {
  describe(`${name}, as a store of controls`, () => {
    it('says nothing of a role that nobody spoke of', async () => {
      expect(await (await create()).of(aRole())).toEqual({ exemption: null, approval: null, resume: null });
    });

    it('gives back what operators said of a role and its account, whatever the case of the name', async () => {
      const controls = await create();
      const role = aRole();
      const exemption = { at, until: '2026-03-02T12:00:00.000Z', reason: 'outage 17', by: 'ann' };
      const approval = { at, roleId: 'AROA2', by: 'ann' };
      const resume = { at, incidentId: 'i', by: 'ann' };
      await controls.exempt(role, exemption);
      await controls.approve(role, approval);
      await controls.resume(role.accountId, resume);
      expect(await controls.of({ ...role, roleName: role.roleName.toLowerCase() })).toEqual({
        exemption,
        approval,
        resume,
      });
      expect(await controls.of({ ...role, roleName: 'other' })).toEqual({
        exemption: null,
        approval: null,
        resume,
      });
      expect((await controls.of(aRole())).resume).toBeNull();
    });

    it('the last word wins', async () => {
      const controls = await create();
      const role = aRole();
      await controls.approve(role, { at, roleId: 'AROA1', by: 'ann' });
      await controls.approve(role, { at, roleId: 'AROA2', by: 'bob' });
      expect((await controls.of(role)).approval).toEqual({ at, roleId: 'AROA2', by: 'bob' });
    });
  });
}
