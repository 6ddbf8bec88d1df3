import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ReconcileReport } from '../../shared/model.ts';
import type { Email } from '../../shared/notifications/email.ts';
import { renderEmail } from '../../shared/notifications/email.ts';
import { toNotification } from '../../shared/notifications/to-notification.ts';
import { hostileReport } from '../support/hostile-reports.ts';
import {
  aCause,
  aChange,
  aDetectedReport,
  aHeldReport,
  anActor,
  aPartlyRemediatedReport,
  aRecreatedReport,
  aReport,
} from '../support/reports.ts';

const email = (report: ReconcileReport): Email => {
  const notification = toNotification(report);
  if (notification === null) throw new Error('quiet');
  return renderEmail(notification);
};

/** How a line of ours begins; nobody else begins one. */
const ownBeginning =
  /^(?:$| {2}|(?:Severity|Outcome|Role|Who|Did|When|And): |What differs$|What was done$|Exposure$|What to do next$|More$|\d+ lines? left out here)/;

describe('renderEmail', () => {
  it('reads well from its first lines', () => {
    expect(email(aReport()).subject).toBe(
      'Critical, put back: deploy: account 444455556666 could assume this role for 1.9 s',
    );
    expect(email(aReport()).text.split('\n').slice(0, 9)).toEqual([
      'deploy: account 444455556666 could assume this role for 1.9 s.',
      'Put back and verified in 1.9 s.',
      '',
      'Severity: Critical',
      'Outcome:  remediated, verified by a second read',
      'Role:     deploy in account 111122223333',
      'Who:      IAM user alice, from 192.0.2.20, without MFA',
      'Did:      replaced the trust policy of this role (UpdateAssumeRolePolicy)',
      'When:     2026-03-01 12:24:11 UTC',
    ]);
  });

  it('says in the subject what became of it', () => {
    expect(email(aHeldReport()).subject).toMatch(/^Medium, held: eksNodeRole: /);
    expect(email(aDetectedReport()).subject).toMatch(/^High, left as it is: deploy: /);
    expect(email(aPartlyRemediatedReport()).subject).toMatch(/^Critical, partly put back: deploy: /);
    expect(email(aReport({ verified: false })).subject).toMatch(/^Critical, not confirmed: deploy: /);
    expect(email(aReport({ outcome: 'failed', verified: null })).subject).toMatch(
      /^Critical, NOT put back: /,
    );
  });

  it('does not call a deleted role that was created again put back', () => {
    const { subject, text } = email(aRecreatedReport());
    expect(subject).toBe(
      'Medium, created again: gone: this role was deleted, and is there again with a new unique id',
    );
    expect(text).toContain('\nOutcome:  remediated, there again by a second read\n');
  });

  it('says of a hold that only a person ends when it is looked at again, and no end', () => {
    const changes = [
      {
        ...aHeldReport().changes[0],
        ...aChange({
          outcome: 'held',
          heldBy: 'killSwitch',
          reason: 'all changes are paused: ann',
          dueAt: '2026-03-01T12:29:11Z',
        }),
      },
    ];
    const { text } = email({ ...aHeldReport(), changes });
    expect(text).toContain(
      '* Held by killSwitch while all changes are paused, looked at again at 2026-03-01 12:29:11 UTC: ',
    );
    expect(text).not.toContain('until');
  });

  it('says who holds a change, until when and why', () => {
    expect(email(aHeldReport()).text).toContain(
      '* Held by grace until 2026-03-01 12:29:11 UTC: attach AmazonEKSWorkerNodePolicy (iam:AttachRolePolicy). Reason: a deployment may still be at work on this role',
    );
  });

  it('says that nobody is known where no event told of the change', () => {
    expect(email(aDetectedReport()).text).toContain('Who:      not known: found by the regular sweep');
  });

  it('quotes a name that could pass for our words', () => {
    const actor = anActor({ userName: 'alice, with MFA', sourceIpAddress: null, mfa: null });
    expect(email(aReport({ causes: [aCause({ actor })] })).text).toContain(
      'Who:      IAM user "alice, with MFA"\n',
    );
  });

  it('is within the limits of SNS, and inert, whatever the texts of a report', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const { subject, text } = email(report);
        expect(subject).toMatch(/^[!-~][ -~]{0,98}$/);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(262_144);
        const [first, second, ...rest] = text.split('\n');
        expect(first).not.toBe('');
        expect(second).toMatch(
          /^(?:Put back|Found already|Only partly|NOT put back|Left as it is|Nobody has seen)/,
        );
        for (const line of rest) expect(line).toMatch(ownBeginning);
        for (const [url] of text.matchAll(/\S*:\/\/\S*|www\.\S*/gi))
          expect(url).toMatch(
            /^https:\/\/console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\/[!-~]+$/,
          );
        expect(text.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{M}\u115f\u3164]/u,
        );
      }),
    );
  });
});
