import { DeleteRolePermissionsBoundaryCommand, PutRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import { defineAspect } from './define.ts';
import type { ChangeDraft, DifferenceDraft } from './definition.ts';
import { iamCall } from './iam-call.ts';
import { policyArnPattern, policyNameOf } from './policy-arn.ts';

const NONE = 'none';

const schema = z.nullable(
  z
    .string()
    .check(
      z.regex(
        new RegExp(`^(?:${NONE}|${policyArnPattern})$`),
        `must be "${NONE}" or the ARN of a managed policy, such as arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/boundary`,
      ),
    ),
);
const observed = z.nullable(z.string());

/** The policy that limits what the role's other policies can give. `none`, or null, is declared emptiness. */
export const permissionsBoundary = defineAspect<string | null, z.infer<typeof observed>>({
  name: 'permissionsBoundary',
  docs: {
    watched: 'the managed policy that bounds what the role may do',
    neverReverted: 'a boundary where none is declared: taking it away would widen the role',
  },
  schema,
  observed,
  triggers: [
    {
      eventSource: 'iam.amazonaws.com',
      eventNames: ['PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'],
    },
  ],
  actions: { observe: ['iam:GetRole'], revert: ['iam:PutRolePermissionsBoundary'] },
  grants: (declared) =>
    isNone(declared)
      ? []
      : [
          {
            actions: ['iam:PutRolePermissionsBoundary'],
            condition: { ArnEquals: { 'iam:PermissionsBoundary': [declared] } },
          },
        ],
  inRole: ({ PermissionsBoundary }) => PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  diff: (declared, actual) => {
    if (isNone(declared)) return actual === null ? [] : [undeclared(actual)];
    if (actual === null) return [removed(declared)];
    return actual === declared ? [] : [replaced(declared, actual)];
  },
  // Never a moment without it.
  atCreation: (declared) => (isNone(declared) ? {} : { PermissionsBoundary: declared }),
  whenCreated: (declared) => (isNone(declared) ? null : declared),
  declare: (actual) => actual ?? NONE,
  revert: ({ actual }, declared, { roleName }) =>
    isNone(declared) ? leave(actual) : put(declared, roleName),
  takeAway: ({ actual }, { roleName: RoleName }) => ({
    ...leave(actual),
    call: iamCall(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
    isAlreadyInPlace: (error) => awsErrorCode(error) === 'NoSuchEntity',
  }),
});

function isNone(declared: string | null): declared is null | typeof NONE {
  return declared === null || declared === NONE;
}

function removed(declared: string): DifferenceDraft {
  const text = `this role can now do all that its policies allow: the boundary ${policyNameOf(declared)} no longer limits it`;
  return {
    path: 'permissionsBoundary',
    type: 'REMOVE',
    expected: declared,
    actual: null,
    access: { gained: [unlimited(text)], lost: [] },
    severity: 'critical',
  };
}

/** What the one boundary allows and the other does not, nobody has compared: it is taken for wider. */
function replaced(declared: string, actual: string): DifferenceDraft {
  const text = `this role can now do what its policies and the boundary ${policyNameOf(actual)} allow: ${policyNameOf(declared)} no longer limits it`;
  return {
    path: 'permissionsBoundary',
    type: 'NOT_EQUAL',
    expected: declared,
    actual,
    access: { gained: [unlimited(text)], lost: [] },
    severity: 'critical',
  };
}

function undeclared(actual: string): DifferenceDraft {
  const text = `this role can no longer do what the boundary ${policyNameOf(actual)} does not allow`;
  return {
    path: 'permissionsBoundary',
    type: 'ADD',
    expected: null,
    actual,
    access: { gained: [], lost: [unlimited(text)] },
    leftBySpec: 'a boundary only limits: it is somebody’s containment and is never removed',
  };
}

function unlimited(text: string) {
  return { resource: '*', actions: ['*'], conditions: {}, text };
}

function put(declared: string, RoleName: string): ChangeDraft {
  return {
    action: 'iam:PutRolePermissionsBoundary',
    summary: `put the boundary ${policyNameOf(declared)} back`,
    effect: 'closes',
    call: iamCall(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: declared })),
  };
}

/** Named for people; a revert sends no such call. */
function leave(actual: unknown): ChangeDraft {
  return {
    action: 'iam:DeleteRolePermissionsBoundary',
    summary: `remove the boundary ${policyNameOf(String(actual))}`,
    effect: 'restores',
    call: null,
  };
}
