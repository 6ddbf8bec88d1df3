import * as z from 'zod/mini';

import { reportEventSchema } from '../report-schema.ts';

/** The published JSON Schema of an event's `detail` on the `iam-drift` bus. */
export function reportJsonSchema() {
  return {
    title: 'A drift report of iam-drift-remediator, as the detail of an event',
    ...z.toJSONSchema(reportEventSchema),
  };
}
