import * as z from 'zod/mini';

import { jsonObject } from '../aspects/json-schema.ts';
import type { JsonObject, PlannedCall } from '../model.ts';

/** A call's input as JSON: undefined members, which the SDK does not send, are left out. */
export function inputOf(call: Pick<PlannedCall, 'input'> | null): JsonObject {
  return z.parse(jsonObject, JSON.parse(JSON.stringify(call?.input ?? {})));
}
