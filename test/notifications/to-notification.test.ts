import { describe, expect, it } from 'vitest';

import type { ReconcileReport } from '../../shared/model.ts';
import { renderers } from '../../shared/notifications/index.ts';
import { toNotification } from '../../shared/notifications/to-notification.ts';
import {
  aChange,
  aDetectedReport,
  aDifference,
  aHeldReport,
  anAccess,
  aPartlyRemediatedReport,
  aRecreatedReport,
  aReport,
} from '../support/reports.ts';

const told = (report: ReconcileReport) => {
  const notification = toNotification(report);
  return notification === null ? null : `${notification.headline}. ${notification.verdict}.`;
};

const steps = (report: ReconcileReport) =>
  JSON.stringify(toNotification(report)?.sections.find(({ title }) => title === 'What to do next'));

describe('toNotification', () => {
  it('is silent on quiet news, on every channel', () => {
    for (const outcome of ['in-sync', 'not-checked'] as const) {
      const report = aReport({ outcome, verified: null });
      for (const render of Object.values(renderers)) expect(render(report)).toBeNull();
    }
  });

  it.each<[string, ReconcileReport]>([
    ['account 444455556666 could assume this role for 1.9 s. Put back and verified in 1.9 s.', aReport()],
    [
      'account 444455556666 can now assume this role. Put back in 1.9 s, but a second read does not confirm it.',
      aReport({ verified: false }),
    ],
    [
      'account 444455556666 could assume this role for 1.9 s. Found already put back, and verified.',
      aReport({ changes: [aChange({ outcome: 'already-in-place' })] }),
    ],
    [
      'this role can no longer do what AmazonEKSWorkerNodePolicy allows. NOT put back yet: held until 2026-03-01 12:29:11 UTC.',
      aHeldReport(),
    ],
    [
      'this role can now do everything in the account (AdministratorAccess). NOT put back: this role is only watched (mode: detect).',
      aDetectedReport(),
    ],
    [
      'account 444455556666 could assume this role for 1.9 s. Only partly put back: 1 change failed.',
      aPartlyRemediatedReport(),
    ],
    [
      'account 444455556666 can now assume this role. NOT put back: it failed.',
      aReport({ outcome: 'failed', verified: null, exposure: { from: '2026-03-01T12:24:11Z', to: null } }),
    ],
    [
      'this role does not exist any more. NOT put back yet: held until a person releases it.',
      aReport({
        outcome: 'held',
        drift: { status: 'DELETED', differences: [] },
        changes: [aChange({ outcome: 'held' })],
      }),
    ],
    [
      'account 444455556666 can now assume this role. NOT put back yet: held while all changes are paused.',
      aReport({
        outcome: 'held',
        verified: null,
        exposure: { from: '2026-03-01T12:24:11Z', to: null },
        changes: [
          aChange({
            outcome: 'held',
            heldBy: 'killSwitch',
            dueAt: '2026-03-01T12:29:11Z',
          }),
        ],
      }),
    ],
    [
      'this role was deleted, and is there again with a new unique id. Created again in 15 min: what trusted the old unique id is still broken, and what the role still lacks follows in a quarter of a minute.',
      aRecreatedReport(),
    ],
    [
      'this role was deleted, and is there again with a new unique id. Created again in 15 min, but a second read does not confirm it.',
      { ...aRecreatedReport(), verified: false },
    ],
    [
      'the max session duration is not as declared. Left as it is: this is only reported.',
      aReport({
        outcome: 'detected',
        drift: {
          status: 'MODIFIED',
          differences: [
            aDifference({
              aspect: 'maxSessionDuration',
              path: 'maxSessionDuration',
              access: { gained: [], lost: [] },
            }),
          ],
        },
        changes: [aChange({ outcome: 'held', heldBy: 'spec' })],
      }),
    ],
  ])('says: %s', (expected, report) => {
    expect(told(report)).toBe(expected);
  });

  it('tells gained access before lost access', () => {
    const lost = anAccess({ text: 'the EC2 service can no longer assume this role' });
    const report = aReport({
      drift: {
        status: 'MODIFIED',
        differences: [
          aDifference({ access: { gained: [], lost: [lost] } }),
          aDifference({ access: { gained: [anAccess()], lost: [] } }),
        ],
      },
    });
    expect(told(report)).toContain('account 444455556666 could assume this role for 1.9 s, and 1 more.');
  });

  it.each([
    'AWS:arn:aws:iam::444455556666:root',
    // A name that holds our account's id makes nobody one of us.
    'AWS:arn:aws:iam::444455556666:role/111122223333',
    'AWS:*',
  ])('tells an outsider before all other gained access: %s', (principal) => {
    const own = anAccess({
      principal: 'AWS:arn:aws:iam::111122223333:user/ann',
      text: 'user ann in account 111122223333 can now assume this role',
    });
    const gained = [own, anAccess({ principal })];
    const drift = {
      status: 'MODIFIED',
      differences: [aDifference({ access: { gained, lost: [] } })],
    } as const;
    expect(told(aReport({ drift }))).toMatch(/^account 444455556666 could assume/);
  });

  it('says of what is closed that it could, and that something else is still open', () => {
    const attached = anAccess({
      principal: 'Role',
      text: 'this role can now do what AmazonS3FullAccess allows',
    });
    const held = aChange({ aspect: 'managedPolicies', outcome: 'held', heldBy: 'spec' });
    const differences = [
      aDifference({ access: { gained: [anAccess()], lost: [] } }),
      aDifference({ aspect: 'managedPolicies', access: { gained: [attached], lost: [] } }),
    ];
    const report = aReport({
      outcome: 'partly-remediated',
      exposure: { from: '2026-03-01T12:24:11Z', to: null },
      drift: { status: 'MODIFIED', differences },
      changes: [aChange(), held],
    });
    expect(told(report)).toBe(
      'account 444455556666 could assume this role, and 1 more (still open). Only partly put back: 1 change held.',
    );
    const closed = { from: '2026-03-01T12:24:11Z', to: '2026-03-01T12:24:12Z' };
    expect(told({ ...report, exposure: closed })).toMatch(
      /^account 444455556666 could .*, and 1 more \(still open\)\./,
    );
    expect(told({ ...report, changes: [aChange({ outcome: 'failed' }), held] })).toMatch(
      /^account 444455556666 can now assume this role, and 1 more\. /,
    );
  });

  it('of many roles that one report speaks for says that they are many, and not what one of them is', () => {
    const reason = '200 roles differ from the spec, and it is the spec that is new: it is the suspect';
    const held = aChange({ outcome: 'held', heldBy: 'blastRadius', dueAt: null, reason });
    expect(told(aReport({ outcome: 'held', verified: null, changes: [held] }))).toBe(
      '200 roles differ from the spec, and it is the spec that is new. NOT put back yet: held until a person releases it.',
    );
  });

  it('names the thing, and what of it differs, without the punctuation of paths', () => {
    const difference = aDifference({
      aspect: 'identityProviders',
      path: 'identityProviders[arn:aws:iam::111122223333:oidc-provider/x].clientIds',
      access: { gained: [], lost: [] },
    });
    const report = aReport({ drift: { status: 'MODIFIED', differences: [difference] } });
    expect(told(report)).toMatch(
      /^of the identity providers, arn:aws:iam::111122223333:oidc-provider\/x \(client ids\) is not as declared\. /,
    );
  });

  it('tells of a document with more lines than a call can have arguments', () => {
    const Action = Array.from({ length: 150_000 }, (_, index) => `s3:Get${index}`);
    const difference = aDifference({ actual: { Statement: [{ Effect: 'Allow', Action }] } });
    const report = aReport({ drift: { status: 'MODIFIED', differences: [difference] } });
    expect(JSON.stringify(toNotification(report)?.sections)).toMatch(
      /\d{6} more lines of this difference left out/,
    );
  });

  it('says where to change the spec only if no step says so already', () => {
    expect(steps(aReport())).not.toContain('If it was wanted');
    expect(steps(aReport({ nextSteps: [] }))).toContain('If it was wanted, change the spec at ');
  });
});
