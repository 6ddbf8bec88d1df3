import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { renderJson } from '../../shared/notifications/json.ts';
import { reportJsonSchema } from '../../shared/notifications/report-json-schema.ts';
import { reportEventSchema } from '../../shared/report-schema.ts';
import { aDetectedReport, aHeldReport, aReport } from '../support/reports.ts';

describe('the events on the bus', () => {
  it('have a published JSON Schema that is current: else run node scripts/report-schema.ts', () => {
    expect(JSON.parse(readFileSync('infra/spec/report.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(reportJsonSchema())),
    );
  });

  it('keep to it, whole, reduced or as a pointer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(aReport(), aHeldReport(), aDetectedReport()),
        fc.integer({ min: 0, max: 8000 }),
        (report, longest) => {
          expect(z.safeParse(reportEventSchema, renderJson(report, longest)).error).toBeUndefined();
        },
      ),
    );
  });

  it('and nothing else does; what a newer version tells besides is dropped', () => {
    expect(z.parse(reportEventSchema, { ...aReport(), extra: 1 })).toEqual(aReport());
    const pointer = renderJson(aReport(), 0);
    expect(z.parse(reportEventSchema, pointer)).toEqual(pointer);
    expect(z.safeParse(reportEventSchema, { ...aReport(), outcome: 'fine' }).success).toBe(false);
  });
});
