import type * as z from 'zod/mini';

import type { JsonObject } from '../model.ts';

interface PresetDefinition<Params> {
  /** As written in the spec. */
  readonly name: string;
  /** What the role is, in one line. */
  readonly title: string;
  /** The AWS guide that asks for this role. */
  readonly source: string;
  /** What to know before relying on it, such as what is not proved in a partition. One sentence or two. */
  readonly note?: string;
  readonly params: z.ZodMiniType<Params>;
  /** Parameters for an example that is valid as it stands. */
  readonly example: { readonly roleName: string; readonly params?: Params };
  /** Aspects by name, as a user would write them in the spec. Pure; may hold `${AWS::…}` variables. */
  readonly expand: (params: Params) => JsonObject;
}

/** A role that AWS's documentation describes, ready to be declared by name. */
export interface Preset extends Pick<PresetDefinition<unknown>, 'name' | 'title' | 'source' | 'note'> {
  readonly params: z.ZodMiniType;
  readonly example: { readonly roleName: string; readonly params?: unknown };
  /** @throws {z.core.$ZodError} if `params` does not fit the preset's schema. */
  readonly expand: (params: unknown) => JsonObject;
}

/** Declares a preset; add it to the list in `index.ts`. */
export function definePreset<Params>(definition: PresetDefinition<Params>): Preset {
  return {
    ...definition,
    expand: (params) => definition.expand(definition.params.parse(params)),
  };
}
