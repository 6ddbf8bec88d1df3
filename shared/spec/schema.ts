import * as z from 'zod/mini';

import type { Aspect } from '../aspects/define.ts';
import type { Preset } from '../presets/define.ts';

/** What the declarations of a spec are made of. */
export interface SpecParts {
  readonly aspects: readonly Aspect[];
  readonly presets: readonly Preset[];
}

const mode = z
  .enum(['enforce', 'detect'])
  .check(
    z.describe('enforce reverts drift, detect only reports it. Unsaid means detect: nothing is written.'),
  );

const deployers = z
  .array(
    z
      .string()
      .check(
        z.regex(
          /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|\d{12}):role\/[\w+=,.@/-]+$/,
          'must be the ARN of a role, such as arn:${AWS::Partition}:iam::${AWS::AccountId}:role/terraform',
        ),
      ),
  )
  .check(
    z.describe(
      'Roles whose sessions may be ahead of the spec: what they change is told at once and reverted after graceMinutes. ' +
        'No grace for access of outsiders, for forbidden policies, nor for what was put back within two hours.',
    ),
  );
const graceMinutes = z
  .int()
  .check(
    z.gte(1),
    z.lte(60),
    z.describe('How long the spec has to catch up with a deployer; 10 if left out.'),
  );

const whenDeleted = z
  .enum(['report', 'recreate'])
  .check(
    z.describe(
      'What is done when the role is deleted: told only (report, if left out), or created again after ' +
        'recreateAfterMinutes (recreate). The new role has another unique id. Reaches no patterns.',
    ),
  );
const recreateAfterMinutes = z
  .int()
  .check(
    z.gte(1),
    z.lte(1440),
    z.describe('How long a deployment has to create the role that it deleted; 15 if left out.'),
  );

/** What may stand in a role, and in `defaults` for all that do not say otherwise. */
const settings = {
  mode: z.exactOptional(mode),
  deployers: z.exactOptional(deployers),
  graceMinutes: z.exactOptional(graceMinutes),
  whenDeleted: z.exactOptional(whenDeleted),
  recreateAfterMinutes: z.exactOptional(recreateAfterMinutes),
};

/**
 * The frame of a spec, with what fills it handed in: the loader checks aspects and presets one by one, with better
 * messages; the JSON Schema for editors holds everything.
 */
function frame(parts: SpecParts, presetValue: z.ZodMiniType, aspectValue: (aspect: Aspect) => z.ZodMiniType) {
  const modes = z
    .strictObject(Object.fromEntries(parts.aspects.map(({ name }) => [name, z.exactOptional(mode)])))
    .check(z.describe('The mode of single aspects; wins over mode beside it.'));
  const role = z
    .strictObject({
      name: z
        .string()
        .check(
          z.describe(
            'A role name, or a pattern with * and ?. Case is ignored, an exact name wins over patterns, the first pattern wins.',
          ),
        ),
      path: z.exactOptional(z.string().check(z.describe('The path of the role; "/" if left out.'))),
      ...settings,
      modes: z.exactOptional(modes),
      preset: z.exactOptional(presetValue),
      ...Object.fromEntries(
        parts.aspects.map((aspect) => [aspect.name, z.exactOptional(aspectValue(aspect))]),
      ),
    })
    .check(
      z.describe('One role, or all roles of a name pattern. An aspect that is left out is not compared.'),
    );
  const file = z.strictObject({
    version: z.literal(1).check(z.describe('The version of this format.')),
    defaults: z.exactOptional(
      z
        .strictObject({
          ...settings,
          modes: z.exactOptional(modes),
        })
        .check(z.describe('What holds for every role that does not say otherwise.')),
    ),
    roles: z.array(role),
  });
  return { role, file };
}

/** Check the frame: keys and their types, not what presets and aspects hold. `file` leaves its roles to `role`. */
export function frameSchemas(parts: SpecParts) {
  const { file, role } = frame(parts, z.unknown(), () => z.unknown());
  return { file: z.extend(file, { roles: z.array(z.unknown()) }), role };
}

/** JSON Schema (2020-12) of the whole spec, for editors. */
export function specJsonSchema(parts: SpecParts): object {
  const preset = z
    .union([
      z.enum(parts.presets.map(({ name }) => name)),
      ...parts.presets.map(({ name, title, source, params }) =>
        z
          .strictObject({ name: z.literal(name), params: z.exactOptional(params) })
          .check(z.describe(`${title}. ${source}`)),
      ),
    ])
    .check(
      z.describe('A role that AWS documents. The keys of this entry win over what the preset declares.'),
    );
  const { file } = frame(parts, preset, (aspect) => aspect.schema);
  return {
    ...z.toJSONSchema(file, { target: 'draft-2020-12', io: 'input' }),
    title: 'iam-drift-remediator: declared IAM roles',
  };
}
