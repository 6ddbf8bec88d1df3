import { describe, expect, it } from 'vitest';

import { createTally } from '../../functions/cli/replay/tally.ts';
import { paint } from '../../functions/cli/terminal.ts';
import type { ReconcileReport } from '../../shared/model.ts';
import { aChange, aReport } from '../support/reports.ts';

const exitCode = (...reports: readonly Partial<ReconcileReport>[]) => {
  const tally = createTally();
  for (const report of reports) tally.count(aReport(report));
  return tally.exitCode();
};

describe('the summary of a replay', () => {
  it('adds up, also where an event is about two roles', () => {
    const tally = createTally();
    for (const roleName of ['a', 'b', 'b']) tally.count(aReport({ role: aRole(roleName) }));
    tally.skip();
    const summary = (events: number) => paint(tally.summary(events, 0), { colour: false });
    expect(summary(4)).toBe('4 events, 2 declared roles: 3 remediated · 1 event on no declared role');
    expect(summary(3)).toBe(
      '3 events, 2 declared roles looked at 3 times: 3 remediated · 1 event on no declared role',
    );
  });
});

const aRole = (roleName: string) => ({ accountId: '111122223333', roleName, arn: null });

describe('the exit code of a replay', () => {
  it('is 0 where everything ended as declared or was none of our business', () => {
    expect(exitCode({ outcome: 'remediated', verified: true }, { outcome: 'in-sync', verified: null })).toBe(
      0,
    );
    expect(exitCode({ outcome: 'not-checked', verified: null, spec: null })).toBe(0);
    expect(exitCode()).toBe(0);
  });

  it('is 2 where drift is left in place', () => {
    expect(exitCode({ outcome: 'detected', verified: null }, { outcome: 'in-sync', verified: null })).toBe(2);
    expect(exitCode({ outcome: 'held', verified: null })).toBe(2);
    expect(exitCode({ outcome: 'partly-remediated', verified: true })).toBe(2);
  });

  it('is 1 where anything failed, whatever else is left', () => {
    const failed = [aChange({ outcome: 'failed', error: 'AccessDenied: no' })];
    expect(exitCode({ outcome: 'failed', verified: null, changes: failed }, { outcome: 'held' })).toBe(1);
    expect(exitCode({ outcome: 'partly-remediated', verified: true, changes: failed })).toBe(1);
    expect(exitCode({ outcome: 'remediated', verified: false })).toBe(1);
  });
});
