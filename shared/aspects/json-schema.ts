import * as z from 'zod/mini';

import type { Json, JsonObject } from '../model.ts';

/** Any JSON value. */
export const jsonValue: z.ZodMiniType<Json> = z.json();

/** A JSON object of any shape, such as a policy document: its own room knows what it may hold. */
export const jsonObject: z.ZodMiniType<JsonObject> = z.record(z.string(), jsonValue);
