import { readFileSync } from 'node:fs';

import * as z from 'zod/mini';

import { InvalidSpecError } from './errors.ts';
import type { Spec } from './spec/spec.ts';

const mode = z.enum(['enforce', 'detect']);
const schema: z.ZodMiniType<Spec> = z.object({
  version: z.string(),
  file: z.string(),
  roles: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      mode,
      aspects: z.record(z.string(), z.object({ mode, declared: z.json() })),
      grace: z.exactOptional(z.object({ deployers: z.array(z.string()), minutes: z.number() })),
      recreation: z.exactOptional(z.object({ afterMinutes: z.number() })),
      line: z.int(),
    }),
  ),
});

/**
 * The spec that was validated at synth and bundled beside the function.
 * @throws {InvalidSpecError} if the file is not what the build wrote: nothing is then reconciled.
 */
export function readBundledSpec(file: string | URL): Spec {
  const parsed = z.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new InvalidSpecError(`${String(file)}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
