import { AttachRolePolicyCommand, DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { Access, Difference } from '../model.ts';
import {
  type ChangeDraft,
  type DeclarationFault,
  defineAspect,
  type DifferenceDraft,
  type WriteGrant,
} from './define.ts';
import { iamCall } from './iam-call.ts';
import { denyOnlyPolicies, listAttachedPolicies } from './managed-policy-reads.ts';

const arn = z
  .string()
  .check(
    z.regex(
      /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|aws|\d{12}):policy\/[\w+=,.@/-]+$/,
      'must be the ARN of a managed policy, such as arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess',
    ),
  );

/** A required policy: one ARN, or any one of several (the first is attached when none is there). */
const required = z.union([
  arn,
  z.strictObject({ oneOf: z.array(arn).check(z.minLength(1)) }),
  z.strictObject({ arn }),
]);

const full = z.strictObject({
  attached: z.exactOptional(z.array(required)),
  forbidden: z.exactOptional(z.array(arn)),
  allowed: z.exactOptional(z.array(arn)),
  unlisted: z.exactOptional(z.enum(['report', 'detach', 'ignore'])),
  advice: z.exactOptional(z.record(arn, z.string())),
});

const schema = z.union([z.array(required), full]);
const observed = z.object({ attached: z.array(z.string()), denyOnly: z.array(z.string()) });

type Declared = z.infer<typeof schema>;

/** Which managed policies are attached to the role. */
export const managedPolicies = defineAspect<Declared, z.infer<typeof observed>>({
  name: 'managedPolicies',
  schema,
  observed,
  triggers: [{ eventSource: 'iam.amazonaws.com', eventNames: ['AttachRolePolicy', 'DetachRolePolicy'] }],
  actions: {
    observe: ['iam:ListAttachedRolePolicies', 'iam:GetPolicy', 'iam:GetPolicyVersion'],
    revert: ['iam:DetachRolePolicy', 'iam:AttachRolePolicy'],
  },
  grants: writeGrants,
  // A role that only says `unlisted: detach` keeps its preset's policies.
  merge: (preset, own) => ({ ...asFull(preset), ...asFull(own) }),
  faults: contradictions,
  observe: async (context, declared) => {
    const attached = await listAttachedPolicies(context);
    const rules = rulesOf(declared);
    // Content is read only where it decides: an undeclared policy is about to be detached.
    const undeclared = attached.filter(
      (policy) => !rules.expected.has(policy) && !rules.forbidden.has(policy),
    );
    const denyOnly = rules.unlisted === 'detach' ? await denyOnlyPolicies(context, undeclared) : [];
    return { attached, denyOnly };
  },
  diff: (declared, { attached, denyOnly }) => {
    const rules = rulesOf(declared);
    const present = new Set(attached);
    const missing = rules.required.filter((alternatives) => !alternatives.some((one) => present.has(one)));
    return [
      ...attached.flatMap((policy) => extra(policy, rules, denyOnly.includes(policy))),
      ...missing.map(absent),
    ];
  },
  revert: (difference, _declared, { roleName }) => revertAttachment(difference, roleName),
});

interface Rules {
  /** Each entry is satisfied by any one of its members. */
  readonly required: readonly (readonly [string, ...string[]])[];
  /** All that may be there: required, alternatives and allowed. */
  readonly expected: ReadonlySet<string>;
  readonly forbidden: ReadonlySet<string>;
  readonly unlisted: 'report' | 'detach' | 'ignore';
  readonly advice: ReadonlyMap<string, string>;
}

function asFull(declared: Declared): z.infer<typeof full> {
  return Array.isArray(declared) ? { attached: declared } : declared;
}

function rulesOf(declared: Declared): Rules {
  const { attached = [], allowed = [], forbidden = [], unlisted = 'report', advice = {} } = asFull(declared);
  const requirements = attached.map(alternativesOf);
  return {
    required: requirements,
    expected: new Set([...requirements.flat(), ...allowed]),
    forbidden: new Set(forbidden),
    unlisted,
    advice: new Map(Object.entries(advice)),
  };
}

function alternativesOf(requirement: z.infer<typeof required>): readonly [string, ...string[]] {
  if (typeof requirement === 'string') return [requirement];
  if ('arn' in requirement) return [requirement.arn];
  const [first, ...others] = requirement.oneOf;
  if (first === undefined) throw new TypeError('oneOf is empty, which the schema refuses');
  return [first, ...others];
}

/** A policy that is attached and not expected. */
function extra(policy: string, rules: Rules, denyOnly: boolean): readonly DifferenceDraft[] {
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
            lost: [accessThrough(policy, `this role is now denied what ${nameOf(policy)} denies`)],
          }
        : { gained: [accessThrough(policy, gainedText(policy))], lost: [] },
      leftBySpec: forbidden ? null : leftBySpec(rules.unlisted, denyOnly),
      advice: rules.advice.get(policy) ?? null,
    },
  ];
}

function leftBySpec(unlisted: Rules['unlisted'], denyOnly: boolean): string | null {
  if (denyOnly) return 'this policy only denies: it is somebody’s containment and is never removed';
  return unlisted === 'detach'
    ? null
    : 'the spec says to report policies that it does not list, not to detach them';
}

function absent(alternatives: readonly [string, ...string[]]): DifferenceDraft {
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
          `this role can no longer do what ${alternatives.map(nameOf).join(' or ')} allows`,
        ),
      ],
    },
  };
}

function revertAttachment(difference: Difference, RoleName: string): ChangeDraft {
  const { actual, expected } = difference;
  if (typeof actual === 'string')
    return {
      action: 'iam:DetachRolePolicy',
      summary: `detach ${nameOf(actual)}`,
      effect: 'closes',
      call: iamCall(new DetachRolePolicyCommand({ RoleName, PolicyArn: actual })),
      // Already detached by someone else, or deleted: the role is where we want it. The second read makes sure.
      isAlreadyInPlace: (error) => awsErrorCode(error) === 'NoSuchEntity',
    };
  const wanted = z.parse(z.union([arn, z.object({ oneOf: z.array(arn) })]), expected);
  const PolicyArn = typeof wanted === 'string' ? wanted : alternativesOf(wanted)[0];
  return {
    action: 'iam:AttachRolePolicy',
    summary: `attach ${nameOf(PolicyArn)}`,
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
    : `this role can now do what ${nameOf(policy)} allows`;
}

/** The last part of an ARN: policy names are unique in an account, whatever their path. */
function nameOf(policy: string): string {
  return policy.slice(policy.lastIndexOf('/') + 1);
}

function writeGrants(declared: Declared): readonly WriteGrant[] {
  const rules = rulesOf(declared);
  const attach = [...new Set(rules.required.flat())];
  const grants: WriteGrant[] = [];
  if (attach.length > 0) grants.push({ actions: ['iam:AttachRolePolicy'], condition: only(attach) });
  if (rules.unlisted === 'detach') grants.push({ actions: ['iam:DetachRolePolicy'] });
  else if (rules.forbidden.size > 0)
    grants.push({ actions: ['iam:DetachRolePolicy'], condition: only([...rules.forbidden]) });
  return grants;
}

function only(policies: readonly string[]): NonNullable<WriteGrant['condition']> {
  return { ArnEquals: { 'iam:PolicyARN': policies } };
}

// IAM's largest quota of managed policies on one role
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const MOST_POLICIES = 25;

function contradictions(declared: Declared): readonly DeclarationFault[] {
  const { attached = [], forbidden = [], allowed = [] } = asFull(declared);
  const prefix = Array.isArray(declared) ? [] : ['attached'];
  const faults: DeclarationFault[] = [];
  const wanted = new Set([...attached.flatMap((one) => alternativesOf(one)), ...allowed]);
  for (const [index, policy] of forbidden.entries())
    if (wanted.has(policy))
      faults.push({
        path: ['forbidden', index],
        message: `${policy} is both required or allowed and forbidden`,
        remedy: 'keep it in one of the lists',
      });
  const seen = new Set<string>();
  for (const [index, requirement] of attached.entries())
    for (const policy of alternativesOf(requirement)) {
      if (seen.has(policy))
        faults.push({
          path: [...prefix, index],
          message: `${policy} is required twice`,
          remedy: 'remove one of the two',
        });
      seen.add(policy);
    }
  if (attached.length > MOST_POLICIES)
    faults.push({
      path: [...prefix, MOST_POLICIES],
      message: `${attached.length} managed policies are required, and IAM attaches at most ${MOST_POLICIES} to a role`,
      remedy: 'merge policies; the quota is 10 unless it was raised for the account',
    });
  return faults;
}
