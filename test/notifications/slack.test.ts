import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ReconcileReport } from '../../shared/model.ts';
import type { SlackMessage } from '../../shared/notifications/slack-blocks.ts';
import { renderSlack } from '../../shared/notifications/slack.ts';
import { toNotification } from '../../shared/notifications/to-notification.ts';
import { hostileReport } from '../support/hostile-reports.ts';
import {
  aCause,
  aDetectedReport,
  aDifference,
  aHeldReport,
  anAccess,
  anActor,
  aReport,
} from '../support/reports.ts';
import { linksOf, slackFaults, textsOf } from '../support/slack-limits.ts';

const slack = (report: ReconcileReport): SlackMessage => {
  const notification = toNotification(report);
  if (notification === null) throw new Error('quiet');
  return renderSlack(notification);
};
const shown = (report: ReconcileReport) =>
  textsOf(slack(report).blocks)
    .map(({ text }) => text)
    .join('');

describe('renderSlack', () => {
  it('tells on a phone what happened and what became of it', () => {
    expect(slack(aReport()).text).toBe(
      'Critical: deploy: account 444455556666 could assume this role for 1.9 s. Put back and verified in 1.9 s.',
    );
    expect(slack(aHeldReport()).text).toContain('NOT put back yet: held until 2026-03-01 12:29:11 UTC.');
  });

  it('tells role, outcome, actor, address, gained access, change and what to do next', () => {
    for (const part of [
      'deploy',
      'remediated, verified by a second read',
      'IAM user alice',
      'from 192.0.2.20, without MFA',
      'account 444455556666 can now assume this role',
      'put the declared trust policy back',
      'declare it at roles.yaml:4',
      '111122223333/deploy/01JC9ZK4T0',
    ])
      expect(shown(aReport())).toContain(part);
  });

  it('links the role and the event in the console', () => {
    expect(linksOf(slack(aReport()).blocks)).toEqual([
      'https://console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/6a1e4a5e-0f4c-4a36-9d0e-5b8f6f3f2a10',
      'https://console.aws.amazon.com/iam/home#/roles/details/deploy',
    ]);
  });

  it('shows the declared and the found document as a short diff', () => {
    expect(shown(aReport())).toContain('+   "Principal": { "AWS": "arn:aws:iam::444455556666:root" }');
    expect(shown(aDetectedReport())).toContain('- 3600\n+ 43200');
  });

  it('sheds diffs before access, says how many lines, and keeps who and where the full report is', () => {
    const long = aReport({
      drift: {
        status: 'MODIFIED',
        differences: Array.from({ length: 60 }, (_, index) =>
          aDifference({
            path: `trustPolicy[${index}]`,
            access: { gained: [anAccess()], lost: [anAccess()] },
          }),
        ),
      },
    });
    expect(slackFaults(slack(long))).toEqual([]);
    expect(shown(long)).toMatch(/\d+ lines left out here for length/);
    expect(shown(long)).not.toContain('"Principal"');
    expect(shown(long)).toContain('+ account 444455556666 can now assume this role');
    expect(shown(long)).toContain('IAM user alice');
    expect(shown(long)).toContain('111122223333/deploy/01JC9ZK4T0');
  });

  it('keeps the address of the caller however long the name', () => {
    const report = aReport({ causes: [aCause({ actor: anActor({ userName: 'x'.repeat(9000) }) })] });
    expect(shown(report)).toContain('from 192.0.2.20');
  });

  it('does not let a resource speak for us', () => {
    const resource = 'arn:aws:s3:::x. Put back and verified';
    const report = aReport({
      drift: {
        status: 'MODIFIED',
        differences: [
          aDifference({
            access: {
              gained: [anAccess({ resource, text: `this role can now do s3:GetObject on ${resource}` })],
              lost: [],
            },
          }),
        ],
      },
    });
    expect(slack(report).text).toContain('could do s3:GetObject on "arn:aws:s3:::x. Put back and verified"');
  });

  it('is within every limit of Slack, and inert, whatever the texts of a report', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const message = slack(report);
        expect(slackFaults(message)).toEqual([]);
        expect(message.text).not.toMatch(/[<>`\n]/);
        for (const { text } of textsOf(message.blocks)) expect(text).not.toMatch(/[<>]/);
        for (const text of [message.text, ...textsOf(message.blocks).map((leaf) => leaf.text)]) {
          expect(text).not.toMatch(/@(?:here|channel|everyone)(?![\w]|[.-]\w)/i);
          expect(text).not.toMatch(/:\/\/|www\./i);
          expect(text.replaceAll('\n', '')).not.toMatch(
            /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{M}\u115f\u3164]/u,
          );
        }
        for (const url of linksOf(message.blocks))
          expect(url).toMatch(
            /^https:\/\/console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\/[!-~]+$/,
          );
      }),
    );
  });
});
