import { expect, it } from 'vitest';

import { recordReport } from '../../functions/remediate/record-report.ts';
import type { ReconcileReport } from '../../shared/model.ts';
import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';
import { aChange, aReport } from '../support/reports.ts';

/** A role that was changed and put back in part. */
const reportOf = (roleName: string): ReconcileReport =>
  aReport({
    role: { accountId: '111122223333', roleName, arn: null },
    changes: [aChange(), aChange({ outcome: 'failed' })],
    eventToFixMs: 6000,
  });

/** What is counted and measured, without what is nothing. */
function counted(report: ReconcileReport, hasCanary: boolean): ReadonlyMap<string, number> {
  const metrics = new Map<string, number>();
  const record = (name: string, value: number) => {
    if (value > 0) metrics.set(name, value);
  };
  const telemetry = { info: () => {}, error: () => {}, count: record, milliseconds: record };
  recordReport(report, telemetry, hasCanary);
  return metrics;
}

const all = new Map([
  ['DriftedRoles', 1],
  ['AppliedChanges', 1],
  ['FailedChanges', 1],
  ['EventToFix', 6000],
]);

it('counts what was found and done, and measures how long it took', () => {
  for (const hasCanary of [true, false]) expect(counted(reportOf('app'), hasCanary)).toEqual(all);
});

it('counts of the canary, which drifts every half hour, only what failed', () => {
  expect(counted(reportOf(CANARY_ROLE_NAME), true)).toEqual(new Map([['FailedChanges', 1]]));
});

it('takes a role of its name for any other where there is no canary', () => {
  expect(counted(reportOf(CANARY_ROLE_NAME), false)).toEqual(all);
});
