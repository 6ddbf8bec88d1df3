import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { reportLines, unchangedLines } from '../../functions/cli/replay/report-lines.ts';
import { displayWidth, paint } from '../../functions/cli/terminal.ts';
import type { ReconcileReport } from '../../shared/model.ts';
import {
  aChange,
  aDetectedReport,
  aDifference,
  aHeldReport,
  anActor,
  aCause,
  aPartlyRemediatedReport,
  aRecreatedReport,
  aReport,
} from '../support/reports.ts';

const read = (report: ReconcileReport, columns = 100, isLaterLook = false) =>
  reportLines(report, columns, isLaterLook).map((line) => paint(line, { colour: false }));

const subject = (branch: string) => ({
  'token.actions.githubusercontent.com:sub': `repo:example-org/infrastructure:ref:refs/heads/${branch}`,
});

const held = (summary: string, heldBy: string, reason: string) =>
  aChange({ summary, outcome: 'held', heldBy, reason, dueAt: null });

describe('a report as a person reads it', () => {
  it('says what is held, by whom and why', () => {
    const changes = [
      aChange({
        summary: 'detach X',
        outcome: 'held',
        heldBy: 'grace',
        reason: 'a deployment runs',
        dueAt: '2026-03-02T12:00:00.005Z',
      }),
    ];
    const text = read(aReport({ outcome: 'held', changes }))
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      '◦ would detach X; held by grace: a deployment runs; looked at again at 2026-03-02 12:00:00 UTC',
    );
  });

  it('says once why several changes are held, after the last of them', () => {
    const changes = [
      held('attach X', 'squatter', 'nobody has said whose it is'),
      held('attach Y', 'squatter', 'nobody has said whose it is'),
      held('detach Z', 'spec', 'the spec says so'),
      held('detach W', 'spec', 'the spec says so'),
    ];
    expect(
      read(aReport({ outcome: 'held', verified: null, changes })).filter((line) => line.includes('◦')),
    ).toEqual(
      [
        'would attach X',
        'would attach Y; held by squatter: nobody has said whose it is',
        'left in place: the spec says so',
      ].map((text) => `          ◦ ${text}`),
    );
  });

  it('says of an event that changed nothing of what is held what it was, and who holds it', () => {
    const causes = [
      aCause({ eventTime: '2026-03-02T10:00:00Z' }),
      aCause({
        eventTime: '2026-03-02T10:05:00Z',
        eventName: 'TagRole',
        actor: anActor({ userName: 'bob' }),
      }),
    ];
    const changes = [
      aChange({ outcome: 'held', heldBy: 'spec' }),
      aChange({ outcome: 'held', heldBy: 'fight' }),
    ];
    const lines = unchangedLines(aReport({ outcome: 'held', causes, changes }), 100);
    expect(lines.map((line) => paint(line, { colour: false }))).toEqual([
      '10:05:00  IAM user bob tagged deploy: still held by fight',
    ]);
  });

  it('does not say of a role that was created again that it is as declared', () => {
    const nextSteps = ['The new gone has another unique id'];
    const text = read({ ...aRecreatedReport(), nextSteps })
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      '✓ a second read found the role there again, with a new unique id, 15 min after the event; ' +
        'what it still lacks follows in a quarter of a minute → The new gone has another unique id',
    );
  });

  it('says what failed, and that a second read disagrees', () => {
    const changes = [aChange({ summary: 'attach X', outcome: 'failed', error: 'LimitExceeded: too many' })];
    const lines = read(aReport({ outcome: 'failed', changes, verified: false })).join('\n');
    expect(lines).toContain('✗ could not attach X: LimitExceeded: too many');
    expect(lines).toContain('✗ a second read does not confirm it');
  });

  it('shows values where there are no words for the access', () => {
    const access = { gained: [], lost: [] };
    const difference = aDifference({ path: 'maxSessionDuration', expected: 3600, actual: 43_200, access });
    const drift = { status: 'MODIFIED', differences: [difference] } as const;
    expect(read(aReport({ drift })).join('\n')).toContain('≠ maxSessionDuration is 43200, declared is 3600');
  });

  it('shows where documents differ to the end of the line: it is often the end that differs', () => {
    const difference = aDifference({ expected: subject('main'), actual: subject('*') });
    const drift = { status: 'MODIFIED', differences: [difference] } as const;
    const text = read(aReport({ drift }), 80).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('refs/heads/main"');
    expect(text).toContain('refs/heads/*"');
  });

  it('stands under the time of the event, that of a later look under its own', () => {
    const causes = [aCause({ eventTime: '2026-03-02T10:00:00Z' })];
    const report = aReport({ causes, time: '2026-03-02T10:16:00Z' });
    expect(read(report)[0]).toMatch(/^10:00:00 {2}/);
    const late = read(report, 100, true).join('\n');
    expect(late).toMatch(/^10:16:00 {2}/);
    expect(late).toContain('at 10:00:00, from ');
    // At the same time of the day, too: exemptions may last for days to the second.
    for (const time of ['2026-03-03T01:00:00Z', '2026-03-03T10:00:00Z'])
      expect(read({ ...report, time }, 100, true).join('\n')).toContain('at 2026-03-02 10:00:00, from ');
  });

  it('says the day of what else happened, where it was another', () => {
    const causes = ['2026-03-03T10:00:00Z', '2026-03-02T09:00:00Z', '2026-03-03T09:30:00Z'].map(
      (eventTime, index) => aCause({ eventTime, eventId: `${index}` }),
    );
    const text = read(aReport({ causes, time: '2026-03-05T00:00:00Z' })).join('\n');
    expect(text).toMatch(/^10:00:00 {2}.*\n {10}from .*\n {10}2026-03-02 09:00:00 .*\n {10}09:30:00 /);
  });

  it('keeps to the width, whatever the report', () => {
    const reports = [aReport(), aHeldReport(), aDetectedReport(), aPartlyRemediatedReport()];
    for (const report of reports)
      for (const columns of [60, 80, 100])
        for (const line of read(report, columns)) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('is inert and bounded, whatever the actor calls himself', () => {
    const name = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(name, name, (userName, userAgent) => {
        const causes = [aCause({ actor: anActor({ userName, userAgent }) })];
        for (const line of read(aReport({ causes }))) {
          expect(line).not.toMatch(/\p{C}/u);
          expect(displayWidth(line)).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 50 },
    );
  });
});
