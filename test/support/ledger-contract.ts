import { describe, expect, it } from 'vitest';

import type { IncidentEntry, Ledger } from '../../shared/ports/ledger.ts';
import { noise } from './noise.ts';
import { aChange, aFoundChange, aReport } from './reports.ts';

let serial = 0;

function anEntry(overrides: Partial<IncidentEntry> = {}): IncidentEntry {
  serial += 1;
  const roleName = `app-${serial}`;
  return {
    incidentId: `111122223333/${roleName}/INC${serial}`,
    role: { accountId: '111122223333', partition: 'aws', roleName },
    openedAt: '2026-03-02T10:00:00.000Z',
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 3 },
    causes: [],
    before: { trustPolicy: { Version: '2012-10-17', Statement: [] } },
    found: [aFoundChange()],
    plan: [{ action: 'iam:UpdateAssumeRolePolicy', effect: 'closes', input: { RoleName: roleName } }],
    ...overrides,
  };
}

/** What every ledger promises. `create` answers a ledger that may hold other incidents already. */
export function describeLedger(name: string, create: () => Promise<Ledger>): void {
  describe(`${name}, as a ledger`, () => {
    it('gives back an open incident as it was written, without a report', async () => {
      const ledger = await create();
      const entry = anEntry();
      await ledger.open(entry);
      expect(await ledger.get(entry.incidentId)).toEqual({ ...entry, report: null, results: [] });
    });

    it('knows nothing of an incident that was never opened', async () => {
      const ledger = await create();
      expect(await ledger.get('111122223333/nobody/X')).toBeNull();
      await expect(ledger.close('111122223333/nobody/X', aReport())).rejects.toThrow('holds no incident');
    });

    it('keeps what was there first, however often the incident is delivered', async () => {
      const ledger = await create();
      const entry = anEntry();
      await ledger.open(entry);
      await ledger.open({
        ...entry,
        before: { trustPolicy: 'half reverted' },
        found: [aFoundChange({ actual: 'half reverted' })],
        openedAt: '2026-03-02T11:00:00.000Z',
      });
      expect(await ledger.get(entry.incidentId)).toMatchObject({
        before: entry.before,
        found: [aFoundChange({ actual: 'half reverted' })],
        openedAt: entry.openedAt,
      });
    });

    it('closes an incident with its report; the last report wins; opening again means unfinished again', async () => {
      const ledger = await create();
      const entry = anEntry();
      await ledger.open(entry);
      await ledger.close(entry.incidentId, aReport({ outcome: 'failed' }));
      await ledger.close(entry.incidentId, aReport({ outcome: 'remediated' }));
      expect((await ledger.get(entry.incidentId))?.report?.outcome).toBe('remediated');
      await ledger.open(entry);
      expect((await ledger.get(entry.incidentId))?.report).toBeNull();
    });

    it('keeps how each look ended, oldest first, and a report that was closed with twice once', async () => {
      const ledger = await create();
      const entry = anEntry();
      const first = aReport({ id: 'R1', outcome: 'partly-remediated' });
      const second = aReport({ id: 'R2', outcome: 'remediated' });
      await ledger.open(entry);
      await ledger.close(entry.incidentId, first);
      await ledger.open(entry);
      await ledger.close(entry.incidentId, second);
      await ledger.close(entry.incidentId, second);
      const incident = await ledger.get(entry.incidentId);
      expect(incident?.results).toMatchObject([
        { id: 'R1', outcome: 'partly-remediated', changes: first.changes },
        { id: 'R2', outcome: 'remediated', changes: second.changes },
      ]);
      expect(incident?.report?.id).toBe('R2');
    });

    it('keeps of looks that changed nothing no more than the last', async () => {
      const ledger = await create();
      const entry = anEntry();
      const held = aReport({
        outcome: 'held',
        changes: [aChange({ outcome: 'held', heldBy: 'killSwitch' })],
      });
      await ledger.open(entry);
      for (const id of ['R1', 'R2', 'R3']) await ledger.close(entry.incidentId, { ...held, id });
      expect(await ledger.get(entry.incidentId)).toMatchObject({ results: [], report: { id: 'R3' } });
    });

    it('keeps of a change whose answer was lost that it was found in place', async () => {
      const ledger = await create();
      const entry = anEntry();
      const changes = [aChange({ outcome: 'already-in-place' })];
      await ledger.open(entry);
      await ledger.close(entry.incidentId, aReport({ id: 'R1', outcome: 'partly-remediated', changes }));
      await ledger.close(entry.incidentId, aReport({ id: 'R2' }));
      expect((await ledger.get(entry.incidentId))?.results).toMatchObject([
        { id: 'R1', changes },
        { id: 'R2' },
      ]);
    });

    it('keeps what makes a role again, of whichever look', async () => {
      const ledger = await create();
      const entry = anEntry();
      const recreate = { from: 'declaration' as const, script: 'aws iam …', cloudFormation: '{}' };
      const gone = aReport({ id: 'R1', outcome: 'detected', changes: [], recreate });
      await ledger.open(entry);
      await ledger.close(entry.incidentId, gone);
      await ledger.close(entry.incidentId, aReport({ id: 'R2' }));
      expect((await ledger.get(entry.incidentId))?.results).toMatchObject([
        { id: 'R1', recreate },
        { id: 'R2' },
      ]);
    });

    it('takes any number of looks at one incident', async () => {
      const ledger = await create();
      const entry = anEntry();
      await ledger.open(entry);
      const [change] = aReport().changes;
      const many = Array.from({ length: 20 }, (_, at) =>
        aChange({ ...change, summary: noise(`${at}`, 1000) }),
      );
      const ids = Array.from({ length: 60 }, (_, at) => `R${String(at).padStart(3, '0')}`);
      for (const id of ids) {
        await ledger.open(entry);
        await ledger.close(entry.incidentId, aReport({ id, changes: many }));
      }
      const [listed] = await ledger.list(entry.role);
      expect(listed?.results.map(({ id }) => id)).toEqual(ids);
      expect(await ledger.get(entry.incidentId)).toEqual(listed);
    });

    it('keeps documents that nothing makes smaller whole', async () => {
      const ledger = await create();
      const entry = anEntry({ before: { managedPolicies: noise('before', 900_000) } });
      const found = [aFoundChange({ actual: noise('found', 700_000) })];
      await ledger.open({ ...entry, found });
      await ledger.open({ ...entry, before: { managedPolicies: 'half reverted' }, found });
      const report = aReport({ nextSteps: [noise('report', 800_000)] });
      await ledger.close(entry.incidentId, report);
      const incident = await ledger.get(entry.incidentId);
      expect(incident).toMatchObject({ before: entry.before, found, report });
      expect(await ledger.list(entry.role)).toEqual([incident]);
    });

    it('owes people an incident from its opening until its report is handed on', async () => {
      const ledger = await create();
      const entry = anEntry();
      const ids = async () => (await ledger.owed(entry.role)).map(({ incidentId }) => incidentId);
      expect(await ids()).toEqual([]);
      await ledger.open(entry);
      expect(await ids()).toEqual([entry.incidentId]);
      await ledger.close(entry.incidentId, aReport({ id: 'R1' }));
      expect(await ledger.owed({ ...entry.role, roleName: entry.role.roleName.toUpperCase() })).toMatchObject(
        [{ incidentId: entry.incidentId, report: { id: 'R1' } }],
      );
      await ledger.published(entry.incidentId, 'R1');
      expect(await ids()).toEqual([]);
      expect(await ledger.get(entry.incidentId)).toMatchObject({ report: { id: 'R1' } });
    });

    it('owes again what was opened or closed again before an earlier report was handed on', async () => {
      const ledger = await create();
      const entry = anEntry();
      await ledger.open(entry);
      await ledger.close(entry.incidentId, aReport({ id: 'R1' }));
      await ledger.open(entry);
      await ledger.published(entry.incidentId, 'R1');
      expect(await ledger.owed(entry.role)).toMatchObject([{ report: null }]);
      await ledger.close(entry.incidentId, aReport({ id: 'R2' }));
      await ledger.published(entry.incidentId, 'R1');
      expect(await ledger.owed(entry.role)).toMatchObject([{ report: { id: 'R2' } }]);
    });

    it('owes a role nothing of another, and the oldest first', async () => {
      const ledger = await create();
      const older = anEntry();
      const newer = {
        ...older,
        incidentId: `${older.incidentId}-later`,
        openedAt: '2026-03-02T12:00:00.000Z',
      };
      await ledger.open(newer);
      await ledger.open(older);
      await ledger.open(anEntry());
      expect((await ledger.owed(older.role)).map(({ incidentId }) => incidentId)).toEqual([
        older.incidentId,
        newer.incidentId,
      ]);
    });

    it('lists the incidents of one role, newest first, whatever the case of its name', async () => {
      const ledger = await create();
      const older = anEntry();
      const newer = {
        ...older,
        incidentId: `${older.incidentId}-later`,
        openedAt: '2026-03-02T12:00:00.000Z',
      };
      await ledger.open(newer);
      await ledger.open(older);
      await ledger.open(anEntry());
      const listed = await ledger.list({
        accountId: '111122223333',
        roleName: older.role.roleName.toUpperCase(),
      });
      expect(listed.map(({ incidentId }) => incidentId)).toEqual([newer.incidentId, older.incidentId]);
      const all = (await ledger.list()).map(({ incidentId }) => incidentId);
      expect(all).toEqual(expect.arrayContaining([older.incidentId, newer.incidentId]));
    });

    it('keeps documents of any size and wording whole', async () => {
      const ledger = await create();
      const entry = anEntry({
        before: { trustPolicy: { text: 'é"\\\u0000 '.repeat(5000), __proto__x: [null, 1.5, true] } },
      });
      await ledger.open(entry);
      expect((await ledger.get(entry.incidentId))?.before).toEqual(entry.before);
    });

    it('keeps a report of megabytes, which a small policy can make, whole', async () => {
      const ledger = await create();
      const entry = anEntry();
      const conditions = {
        StringLike: Object.fromEntries(
          Array.from({ length: 40 }, (_, at) => [`aws:PrincipalTag/${at}`, ['a'.repeat(100)]]),
        ),
      };
      const gained = Array.from({ length: 400 }, (_, at) => ({
        principal: `AWS:arn:aws:iam::${100_000_000_000 + at}:root`,
        actions: ['sts:AssumeRole'],
        conditions,
        text: `account ${at} can now assume this role`,
      }));
      const [difference] = aReport().drift.differences;
      if (difference === undefined) throw new Error('the report tells of nothing');
      const report = aReport({
        drift: { status: 'MODIFIED', differences: [{ ...difference, access: { gained, lost: [] } }] },
      });
      expect(JSON.stringify(report).length).toBeGreaterThan(2_000_000);
      await ledger.open(entry);
      await ledger.close(entry.incidentId, report);
      expect((await ledger.get(entry.incidentId))?.report).toEqual(report);
      expect((await ledger.list(entry.role))[0]?.report).toEqual(report);
    });
  });
}
