import * as z from 'zod/mini';

import type { JsonObject } from '../../../shared/model.ts';

/** What is read of a synthesised template. */
export interface Template {
  readonly [key: string]: unknown;
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly [key: string]: unknown;
  readonly Type: string;
  readonly Properties?: JsonObject | undefined;
}

export const templateSchema: z.ZodMiniType<Template> = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.optional(z.record(z.string(), z.json())),
    }),
  ),
});
