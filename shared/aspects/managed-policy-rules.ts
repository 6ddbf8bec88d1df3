import * as z from 'zod/mini';

import type { JsonObject } from '../model.ts';
import { jsonObject } from './json-schema.ts';
import { policyArnPattern } from './policy-arn.ts';

const policyArn = z
  .string()
  .check(
    z.regex(
      new RegExp(`^${policyArnPattern}$`),
      'must be the ARN of a managed policy, such as arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess',
    ),
  );

/** A required policy: one ARN, any one of several (the first is attached when none is there), or one with its content. */
const requirement = z.union([
  policyArn,
  z.strictObject({ oneOf: z.array(policyArn).check(z.minLength(1)) }),
  z.strictObject({ arn: policyArn, document: z.exactOptional(jsonObject) }),
]);

const full = z.strictObject({
  attached: z.exactOptional(z.array(requirement)),
  forbidden: z.exactOptional(z.array(policyArn)),
  allowed: z.exactOptional(z.array(policyArn)),
  unlisted: z.exactOptional(z.enum(['report', 'detach', 'ignore'])),
  advice: z.exactOptional(z.record(policyArn, z.string())),
});

/** What a role may declare about managed policies; a plain list means `attached`. */
export const managedPoliciesSchema = z.union([z.array(requirement), full]);

export type DeclaredPolicies = z.infer<typeof managedPoliciesSchema>;

/** One that satisfies a requirement, the preferred one first. */
export type Alternatives = readonly [string, ...string[]];

export interface PolicyRules {
  /** Each entry is satisfied by any one of its members. */
  readonly required: readonly Alternatives[];
  /** All that may be there: required, alternatives and allowed. */
  readonly expected: ReadonlySet<string>;
  readonly forbidden: ReadonlySet<string>;
  readonly unlisted: 'report' | 'detach' | 'ignore';
  readonly advice: ReadonlyMap<string, string>;
  /** By ARN: what the default version must mean. */
  readonly contents: ReadonlyMap<string, JsonObject>;
}

export function asFull(declared: DeclaredPolicies): z.infer<typeof full> {
  return Array.isArray(declared) ? { attached: declared } : declared;
}

export function rulesOf(declared: DeclaredPolicies): PolicyRules {
  const { attached = [], allowed = [], forbidden = [], unlisted = 'report', advice = {} } = asFull(declared);
  const required = attached.map(alternativesOf);
  return {
    required,
    expected: new Set([...required.flat(), ...allowed]),
    forbidden: new Set(forbidden),
    unlisted,
    advice: new Map(Object.entries(advice)),
    contents: new Map(attached.flatMap(contentOf)),
  };
}

export function alternativesOf(required: z.infer<typeof requirement>): Alternatives {
  if (typeof required === 'string') return [required];
  if ('arn' in required) return [required.arn];
  const [first, ...others] = required.oneOf;
  if (first === undefined) throw new TypeError('oneOf is empty, which the schema refuses');
  return [first, ...others];
}

function contentOf(required: z.infer<typeof requirement>): [string, JsonObject][] {
  return typeof required === 'object' && 'arn' in required && required.document !== undefined
    ? [[required.arn, required.document]]
    : [];
}
