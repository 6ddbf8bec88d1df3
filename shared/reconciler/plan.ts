import { aspectNamed } from '../aspects/index.ts';
import type { Change, DesiredRole, Difference, Drift, ObservedRole, Plan } from '../model.ts';

/** One change for each difference, what closes before what restores. Pure: nothing is sent. */
export function planChanges(desired: DesiredRole, observed: ObservedRole, drift: Drift): Plan {
  const changes = drift.differences.map((difference) => changeFor(difference, desired, observed));
  const having = (effect: Change['effect']) => changes.filter((change) => change.effect === effect);
  return { changes: [...having('closes'), ...having('restores')] };
}

function changeFor(difference: Difference, desired: DesiredRole, observed: ObservedRole): Change {
  const declaration = desired.aspects[difference.aspect];
  return declaration === undefined
    ? recreate(difference)
    : aspectNamed(difference.aspect).revert(difference, declaration.declared, observed.ref);
}

/** The role itself is missing. */
function recreate(difference: Difference): Change {
  return {
    difference,
    aspect: difference.aspect,
    action: 'iam:CreateRole',
    summary: 'create the role again',
    effect: 'restores',
    call: null,
    isAlreadyInPlace: () => false,
    fallback: () => null,
  };
}
