import { CreateRoleCommand } from '@aws-sdk/client-iam';

import type { CreationInput } from '../aspects/define.ts';
import { iamCall } from '../aspects/iam-call.ts';
import { aspectNamed } from '../aspects/index.ts';
import { awsErrorCode } from '../errors.ts';
import type {
  Change,
  DesiredRole,
  Difference,
  Drift,
  Json,
  ObservedRole,
  Plan,
  PlannedCall,
} from '../model.ts';

/** One change for each difference, what closes before what restores. Pure: nothing is sent. */
export function planChanges(desired: DesiredRole, observed: ObservedRole, drift: Drift): Plan {
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
function recreate(difference: Difference, desired: DesiredRole): Change {
  return {
    difference,
    aspect: difference.aspect,
    action: 'iam:CreateRole',
    summary: 'create the role again',
    effect: 'restores',
    call: difference.path === 'role' && desired.recreation !== null ? creation(desired) : null,
    notOursAlone: null,
    // Created by someone else meanwhile: whose it is, the next look asks.
    isAlreadyInPlace: (error) => awsErrorCode(error) === 'EntityAlreadyExists',
    fallback: () => null,
  };
}

/** With what a role must not be without for a moment; the other aspects find the rest missing. */
function creation({ ref, path, aspects }: DesiredRole): PlannedCall {
  const input = Object.entries(aspects).reduce<CreationInput>(
    (known, [name, { declared }]) => ({ ...known, ...aspectNamed(name).atCreation(declared) }),
    {},
  );
  return iamCall(
    new CreateRoleCommand({
      RoleName: ref.roleName,
      Path: path,
      ...input,
      AssumeRolePolicyDocument: input.AssumeRolePolicyDocument,
    }),
  );
}
