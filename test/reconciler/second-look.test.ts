import { describe, expect, it } from 'vitest';

import { secondLook } from '../../shared/reconciler/second-look.ts';
import { aCause, aChange, aDifference, aReport } from '../support/reports.ts';

const request = {
  role: { accountId: '111122223333', partition: 'aws', roleName: 'app' },
  trigger: 'event',
  causes: [aCause({ eventTime: '2026-03-02T10:00:00Z' })],
  recheck: 0,
} as const;
const soon = new Date('2026-03-02T10:00:09Z');
const later = new Date('2026-03-02T10:00:10Z');

const inSync = aReport({ drift: { status: 'IN_SYNC', differences: [] }, changes: [], verified: null });
const left = aReport({ changes: [aChange({ outcome: 'held', heldBy: 'spec' })], verified: null });
const held = aReport({ changes: [aChange({ outcome: 'held', heldBy: 'mode' })], verified: null });
const deleted = (outcome: 'applied' | 'held') =>
  aReport({
    drift: { status: 'DELETED', differences: [aDifference()] },
    changes: [aChange({ outcome, heldBy: outcome === 'held' ? 'spec' : null })],
  });

describe('a second look', () => {
  it.each([
    ['is taken where a young change reads as in sync', inSync, soon, 15],
    ['or as nothing but what the spec leaves', left, soon, 15],
    ['not where it is old enough to be believed', inSync, later, null],
    ['nor where it was seen', held, soon, null],
    ['nor where the role is gone and left so', deleted('held'), soon, null],
    ['is taken where a verification disagrees, however old', aReport({ verified: false }), later, 30],
    ['and at a role that was created again', deleted('applied'), later, 15],
  ])('%s', (_what, report, now, expected) => {
    expect(secondLook(request, report, now)?.delaySeconds ?? null).toBe(expected);
  });

  it('has the causes of the first, and counts: there is no third', () => {
    const again = secondLook(request, inSync, soon);
    expect(again?.request).toEqual({ ...request, recheck: 1 });
    expect(secondLook({ ...request, recheck: 2 }, inSync, soon)).toBeNull();
  });

  it('at a role that was created again has none: what is missing is nobody’s doing', () => {
    expect(secondLook(request, deleted('applied'), soon)?.request.causes).toEqual([]);
  });
});
