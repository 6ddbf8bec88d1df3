import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');

// The snapshot is held against the synthesised template by the stack's own tests.
const alarms = [...read('iam-drift-remediator.template.snap').matchAll(/"AlarmName": "([^"]+)"/g)].map(
  ([, name]) => name,
);

it('the runbook has a paragraph for each alarm, and none for an alarm that is gone', () => {
  const headings = [...read('../../docs/runbook.md').matchAll(/^### (iam-drift-\S+)$/gm)].map(
    ([, name]) => name,
  );
  expect(alarms.length).toBeGreaterThan(10);
  expect(new Set(headings)).toEqual(new Set(alarms));
});
