import * as z from 'zod/mini';

import type { Change, Difference, Json } from '../model.ts';
import type {
  AspectContext,
  AspectDefinition,
  AspectTrigger,
  ChangeDraft,
  CreationInput,
  DeclarationFault,
  DifferenceDraft,
  IamRole,
  ObserveContext,
  ReadGrant,
  RevertContext,
  WriteGrant,
} from './definition.ts';

/** One facet of a role that can be declared, compared and put back. */
export interface Aspect extends Pick<AspectDefinition<unknown, unknown>, 'name' | 'docs' | 'actions'> {
  readonly triggers: readonly AspectTrigger<Json>[];
  readonly schema: z.ZodMiniType;
  /** The declaration in its full form: shorthands resolved. @throws {z.core.$ZodError} if it does not fit the schema. */
  readonly normalise: (declared: Json) => Json;
  readonly grants: (declared: Json) => readonly WriteGrant[];
  readonly readGrants: (declared: Json) => readonly ReadGrant[];
  readonly claims: (declared: Json) => readonly string[];
  readonly agreements: (declared: Json) => ReadonlyMap<string, Json>;
  readonly regions: (declared: Json) => readonly string[];
  readonly merge: (preset: Json, own: Json) => Json;
  readonly implied: (others: Readonly<Record<string, Json>>) => Json | null;
  /** Whether what is seen of it is remembered from one look to the next. */
  readonly isRemembered: boolean;
  /** Nothing where `before` is not in the shape of this version's observations. */
  readonly changed: (declared: Json, before: Json, observed: Json) => readonly DifferenceDraft[];
  readonly atCreation: (declared: Json) => CreationInput;
  readonly whenCreated: (declared: Json) => Json;
  /** null where GetRole does not tell it. */
  readonly inRole: ((role: IamRole) => Json) | null;
  readonly faults: (declared: Json) => readonly DeclarationFault[];
  readonly observe: (context: ObserveContext, declared: Json) => Promise<Json>;
  /** Whether it is in the shape of this version's observations. */
  readonly isObservation: (json: Json) => boolean;
  readonly diff: (declared: Json, observed: Json, context: AspectContext) => readonly DifferenceDraft[];
  /** null, too, where it is not in the shape of this version's observations, or cannot be declared at all. */
  readonly declare: (observed: Json, context: AspectContext) => Json | null;
  readonly revert: (difference: Difference, declared: Json, context: RevertContext<Json>) => Change;
  /** null where it is nothing but what `revert` does. */
  readonly takeAway: (difference: Difference, context: AspectContext) => Change | null;
}

const never = () => false;
const none = () => null;

/**
 * Declares an aspect. Inside, everything has the aspect's own types; outside, all aspects look alike.
 * What crosses the border is parsed by the aspect's own schemas, so no cast is needed and a stored state cannot lie.
 */
export function defineAspect<Declared extends Json, Observed extends Json>(
  definition: AspectDefinition<Declared, Observed>,
): Aspect {
  const declaredOf = (json: Json) => z.parse(definition.schema, json);
  const observedOf = (json: Json) => z.parse(definition.observed, json);
  const toChange = (difference: Difference, draft: ChangeDraft): Change => ({
    difference,
    aspect: definition.name,
    action: draft.action,
    summary: draft.summary,
    effect: draft.effect,
    call: draft.call,
    notOursAlone: draft.notOursAlone ?? null,
    isAlreadyInPlace: draft.isAlreadyInPlace ?? never,
    fallback: (error) => {
      const smaller = (draft.fallback ?? none)(error);
      return smaller === null
        ? null
        : { change: toChange(difference, smaller.draft), remainder: smaller.remainder };
    },
  });
  return {
    name: definition.name,
    docs: definition.docs,
    schema: definition.schema,
    triggers: definition.triggers.map(({ concerns, concernsHolder, ...trigger }) => ({
      ...trigger,
      ...(concerns && { concerns: (event, declared) => concerns(event, declaredOf(declared)) }),
      ...(concernsHolder && {
        concernsHolder: (event, declared) => concernsHolder(event, declaredOf(declared)),
      }),
    })),
    actions: definition.actions,
    normalise: declaredOf,
    grants: (declared) =>
      definition.grants?.(declaredOf(declared)) ?? [{ actions: definition.actions.revert }],
    readGrants: (declared) => definition.readGrants?.(declaredOf(declared)) ?? [],
    claims: (declared) => definition.claims?.(declaredOf(declared)) ?? [],
    agreements: (declared) => definition.agreements?.(declaredOf(declared)) ?? new Map(),
    regions: (declared) => definition.regions?.(declaredOf(declared)) ?? [],
    merge: (preset, own) => definition.merge?.(declaredOf(preset), declaredOf(own)) ?? own,
    implied: (others) => definition.implied?.(others) ?? null,
    isRemembered: definition.changed !== undefined,
    changed: (declared, json, observed) => {
      const before = z.safeParse(definition.observed, json);
      if (!before.success) return [];
      return definition.changed?.(declaredOf(declared), before.data, observedOf(observed)) ?? [];
    },
    faults: (declared) => definition.faults?.(declaredOf(declared)) ?? [],
    atCreation: (declared) => definition.atCreation?.(declaredOf(declared)) ?? {},
    whenCreated: (declared) => definition.whenCreated(declaredOf(declared)),
    inRole: definition.inRole ?? null,
    observe: async (context, declared) =>
      definition.observe === undefined
        ? definition.inRole(await context.getRole())
        : definition.observe(context, declaredOf(declared)),
    isObservation: (json) => z.safeParse(definition.observed, json).success,
    diff: (declared, observed, context) =>
      definition.diff(declaredOf(declared), observedOf(observed), context),
    declare: (json, context) => {
      const observed = z.safeParse(definition.observed, json);
      if (!observed.success) return null;
      const answer = definition.declare(observed.data, context);
      const declared = z.safeParse(definition.schema, answer);
      if (answer === null || !declared.success) return null;
      // What a schema does not take as it is, such as a policy called __proto__, would be undone.
      return definition.diff(declared.data, observed.data, context).length === 0 ? declared.data : null;
    },
    revert: (difference, declared, context) =>
      toChange(
        difference,
        definition.revert(difference, declaredOf(declared), {
          ...context,
          observed: observedOf(context.observed),
        }),
      ),
    takeAway: (difference, context) =>
      definition.takeAway === undefined
        ? null
        : toChange(difference, definition.takeAway(difference, context)),
  };
}
