import * as z from 'zod/mini';

const mode = z.catch(z.optional(z.enum(['enforce', 'detect'])), undefined);

const modes = z.looseObject({ mode, modes: z.catch(z.optional(z.record(z.string(), mode)), undefined) });

const role = z.looseObject({
  ...modes.shape,
  name: z.catch(z.optional(z.string()), undefined),
  path: z.catch(z.string(), '/'),
});

/** As much of a spec as can be read. What is wrong with it has been told; the rest is to be checked all the same. */
export const looseSpec = z.catch(
  z.object({
    defaults: z.catch(modes, {}),
    roles: z.catch(z.array(z.catch(role, { path: '/' })), []),
  }),
  { defaults: {}, roles: [] },
);
