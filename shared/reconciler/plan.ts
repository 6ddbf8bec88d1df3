import * as z from 'zod/mini';

import { aspectNamed } from '../aspects/index.ts';
import { jsonObject } from '../aspects/json-schema.ts';
import { withoutVanishedPrincipal } from '../aspects/vanished-principal.ts';
import { asDeclared, type Wording } from '../aspects/wording.ts';
import { awsErrorCode } from '../errors.ts';
import type { Change, DesiredRole, Difference, Drift, Json, ObservedRole, Plan } from '../model.ts';
import { roleCreation } from './role-creation.ts';

/** One change for each difference, what closes before what restores. Pure: nothing is sent. */
export function planChanges(
  desired: DesiredRole,
  observed: ObservedRole,
  drift: Drift,
  wording: Wording = asDeclared,
): Plan {
  const enforced = enforcedIn(desired);
  const changes = drift.differences.map((difference) => {
    const declaration = desired.aspects[difference.aspect];
    const actual = observed.aspects[difference.aspect];
    return declaration === undefined || actual === undefined
      ? recreate(difference, desired)
      : aspectNamed(difference.aspect).revert(difference, declaration.declared, {
          ...observed.ref,
          observed: actual,
          enforced,
          wording,
        });
  });
  const having = (effect: Change['effect']) => changes.filter((change) => change.effect === effect);
  return { changes: [...having('closes'), ...having('restores')] };
}

function enforcedIn({ aspects }: DesiredRole): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(aspects).flatMap(([name, { mode, declared }]): [string, Json][] =>
      mode === 'enforce' ? [[name, declared]] : [],
    ),
  );
}

/** The role itself is missing, or is where no call can move it from. */
function recreate(difference: Difference, desired: DesiredRole, summary = 'create the role again'): Change {
  return {
    difference,
    aspect: difference.aspect,
    action: 'iam:CreateRole',
    summary,
    effect: 'restores',
    call: difference.path === 'role' && desired.recreation !== null ? roleCreation(desired) : null,
    notOursAlone: null,
    // Created by someone else meanwhile: whose it is, the next look asks.
    isAlreadyInPlace: (error) => awsErrorCode(error) === 'EntityAlreadyExists',
    fallback: (error) => {
      const trust = desired.aspects['trustPolicy'];
      if (trust === undefined) return null;
      const rest = withoutVanishedPrincipal(z.parse(jsonObject, trust.declared), error);
      if (rest === null) return null;
      const trustPolicy = { ...trust, declared: rest.document };
      const smaller = { ...desired, aspects: { ...desired.aspects, trustPolicy } };
      const words = `create the role again without trust for ${rest.principal}, which does not exist`;
      return { change: recreate(difference, smaller, words), remainder: rest.remainder };
    },
  };
}
