import { AttachRolePolicyCommand, DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { Access, Difference } from '../model.ts';
import type { ChangeDraft, DifferenceDraft } from './definition.ts';
import { iamCall } from './iam-call.ts';
import type { Alternatives, PolicyRules } from './managed-policy-rules.ts';
import { policyNameOf } from './policy-arn.ts';

/** A policy that is attached and not expected. */
export function surplusAttachment(
  policy: string,
  rules: PolicyRules,
  denyOnly: boolean,
): readonly DifferenceDraft[] {
  const forbidden = rules.forbidden.has(policy);
  if (!forbidden && (rules.expected.has(policy) || rules.unlisted === 'ignore')) return [];
  return [
    {
      path: `managedPolicies[${policy}]`,
      type: 'ADD',
      expected: null,
      actual: policy,
      access: denyOnly
        ? {
            gained: [],
            lost: [accessThrough(policy, `this role is now denied what ${policyNameOf(policy)} denies`)],
          }
        : { gained: [accessThrough(policy, gainedText(policy))], lost: [] },
      forbidden,
      leftBySpec: forbidden ? null : leftBySpec(rules.unlisted, denyOnly),
      advice: rules.advice.get(policy) ?? null,
    },
  ];
}

function leftBySpec(unlisted: PolicyRules['unlisted'], denyOnly: boolean): string | null {
  if (denyOnly) return 'this policy only denies: it is somebody’s containment and is never removed';
  return unlisted === 'detach'
    ? null
    : 'the spec says to report policies that it does not list, not to detach them';
}

/** None of the policies that satisfy a requirement is attached. */
export function missingAttachment(alternatives: Alternatives): DifferenceDraft {
  const [first] = alternatives;
  return {
    path: `managedPolicies[${first}]`,
    type: 'REMOVE',
    expected: alternatives.length === 1 ? first : { oneOf: alternatives },
    actual: null,
    access: {
      gained: [],
      lost: [
        accessThrough(
          first,
          `this role can no longer do what ${alternatives.map(policyNameOf).join(' or ')} allows`,
        ),
      ],
    },
  };
}

/** The change that undoes either of them. */
export function revertAttachment(difference: Difference, RoleName: string): ChangeDraft {
  const { actual, expected } = difference;
  if (typeof actual === 'string')
    return {
      action: 'iam:DetachRolePolicy',
      summary: `detach ${policyNameOf(actual)}`,
      effect: 'closes',
      call: iamCall(new DetachRolePolicyCommand({ RoleName, PolicyArn: actual })),
      // Already detached by someone else, or deleted: the role is where we want it. The second read makes sure.
      isAlreadyInPlace: (error) => awsErrorCode(error) === 'NoSuchEntity',
    };
  const wanted = z.parse(z.union([z.string(), z.object({ oneOf: z.array(z.string()) })]), expected);
  const PolicyArn = typeof wanted === 'string' ? wanted : (wanted.oneOf[0] ?? '');
  return {
    action: 'iam:AttachRolePolicy',
    summary: `attach ${policyNameOf(PolicyArn)}`,
    effect: 'restores',
    call: iamCall(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
  };
}

const FULL_CONTROL = /:iam::aws:policy\/AdministratorAccess$/;

function accessThrough(policy: string, text: string): Access {
  return FULL_CONTROL.test(policy)
    ? { resource: '*', actions: ['*'], conditions: {}, text }
    : { resource: policy, actions: [], conditions: {}, text };
}

function gainedText(policy: string): string {
  return FULL_CONTROL.test(policy)
    ? 'this role can now do everything in the account (AdministratorAccess)'
    : `this role can now do what ${policyNameOf(policy)} allows`;
}
