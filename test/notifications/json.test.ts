import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { jsonText } from '../../shared/notifications/escape.ts';
import { renderJson } from '../../shared/notifications/json.ts';
import { hostileReport } from '../support/hostile-reports.ts';
import { aCause, aDifference, anAccess, anActor, aReport } from '../support/reports.ts';

describe('renderJson', () => {
  it('is the report itself where it fits', () => {
    expect(renderJson(aReport())).toEqual(aReport());
  });

  it('leaves the documents out first, says so and where the whole is', () => {
    const report = aReport({
      drift: { status: 'MODIFIED', differences: [aDifference({ actual: 'x'.repeat(300_000) })] },
    });
    expect(renderJson(report)).toMatchObject({
      drift: {
        differences: [
          { expected: null, actual: null, access: { gained: [{ actions: ['sts:AssumeRole'] }] } },
        ],
      },
      truncated: {
        leftOut: ['drift.differences[].expected and actual'],
        fullReport: { ledger: { incidentId: '111122223333/deploy/01JC9ZK4T0' } },
      },
    });
  });

  it('then shortens the lists', () => {
    const report = aReport({
      drift: {
        status: 'MODIFIED',
        differences: [aDifference({ access: { gained: Array(3000).fill(anAccess()), lost: [] } })],
      },
      causes: Array(2000).fill(aCause()),
    });
    const json = renderJson(report);
    expect(json['truncated']).toMatchObject({ leftOut: { length: 3 } });
    expect(json['causes']).toHaveLength(10);
  });

  it('is at last a pointer', () => {
    const report = aReport({ causes: [aCause({ actor: anActor({ userAgent: 'x'.repeat(300_000) }) })] });
    expect(renderJson(report)).toMatchObject({
      incidentId: '111122223333/deploy/01JC9ZK4T0',
      outcome: 'remediated',
      truncated: { leftOut: ['all but the identity of the report'] },
    });
  });

  it('fits into a message, whatever the texts of a report', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const text = jsonText(renderJson(report));
        expect(text).toMatch(/^[ -~]*$/);
        expect(text.length).toBeLessThan(262_144);
      }),
    );
  });
});
