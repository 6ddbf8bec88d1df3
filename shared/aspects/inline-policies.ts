import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { AccessDelta, Difference, JsonObject } from '../model.ts';
import { formatPolicy, isDenyOnly } from '../policy/document.ts';
import { defineAspect } from './define.ts';
import type { AspectContext, ChangeDraft, DifferenceDraft, RevertContext, WriteGrant } from './definition.ts';
import { iamCall } from './iam-call.ts';
import { explainIdentity, isSameIdentity } from './identity-policies.ts';
import { unusablePolicies } from './inline-policy-faults.ts';
import { type InlinePolicy, listInlinePolicies, readInlinePolicies } from './inline-policy-reads.ts';
import { jsonObject, jsonValue } from './json-schema.ts';

const policies = z.record(z.string(), jsonObject);
const full = z.strictObject({
  policies: z.exactOptional(policies),
  unlisted: z.exactOptional(z.enum(['report', 'delete', 'ignore'])),
});

/** The full form first: no policy document is a `policies` or an `unlisted` of it. */
const schema = z.union([full, policies]);
/** A list, not a record: whoever puts a policy on the role chooses its name, and no name may fall through. */
const observed = z.object({
  policies: z.array(z.object({ name: z.string(), document: jsonValue })),
  /** The declared ones that are not there. */
  missing: z.array(z.string()),
  /** false: only the declared ones were read. */
  isWhole: z.boolean(),
});

type Declared = z.infer<typeof schema>;
type Full = z.infer<typeof full>;

/** The policies written into the role itself. The declared ones are compared by meaning. */
export const inlinePolicies = defineAspect<Declared, z.infer<typeof observed>>({
  name: 'inlinePolicies',
  docs: {
    watched: 'the inline policies, by meaning; those that are not declared under `unlisted`',
    neverReverted:
      'an undeclared one under `unlisted: report`, and one that only denies, because it is somebody’s containment',
  },
  schema,
  observed,
  triggers: [{ eventSource: 'iam.amazonaws.com', eventNames: ['PutRolePolicy', 'DeleteRolePolicy'] }],
  actions: {
    observe: ['iam:ListRolePolicies', 'iam:GetRolePolicy'],
    revert: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  },
  grants: writeGrants,
  // A role that only says `unlisted: delete` keeps its preset's policies.
  merge: (preset, own) => ({ ...asFull(preset), ...asFull(own) }),
  faults: (declared) =>
    unusablePolicies(asFull(declared).policies ?? {}).map((fault) => ({
      ...fault,
      path: isFull(declared) ? ['policies', ...fault.path] : fault.path,
    })),
  observe: async (context, declared) => {
    const { declaredPolicies, unlisted } = rulesOf(declared);
    const names = await listInlinePolicies(context);
    const wanted = unlisted === 'ignore' ? names.filter((name) => declaredPolicies.has(name)) : names;
    const read = await readInlinePolicies(context, wanted);
    const present = new Set(read.map(({ name }) => name));
    return {
      policies: read,
      missing: [...declaredPolicies.keys()].filter((name) => !present.has(name)),
      isWhole: unlisted !== 'ignore',
    };
  },
  diff: (declared, { policies: actual }, context) => {
    const { declaredPolicies, unlisted } = rulesOf(declared);
    const present = new Set(actual.map(({ name }) => name));
    const missing = [...declaredPolicies].filter(([name]) => !present.has(name));
    return [
      ...actual.flatMap((policy) => {
        const document = declaredPolicies.get(policy.name);
        if (document !== undefined) return changed(policy, document, context);
        return unlisted === 'ignore' ? [] : [extra(policy, unlisted, context)];
      }),
      ...missing.map(([name, document]) => absent(name, document, context)),
    ];
  },
  whenCreated: (declared) => ({
    policies: [],
    missing: [...rulesOf(declared).declaredPolicies.keys()],
    isWhole: true,
  }),
  declare: ({ policies: actual, missing, isWhole }) => {
    const declared = actual.flatMap(({ name, document }) => {
      const parsed = z.safeParse(jsonObject, document);
      return parsed.success ? [[name, parsed.data] as const] : [];
    });
    // What was not read must not be deleted, so what was not there cannot be declared away.
    if (declared.length < actual.length || (!isWhole && missing.length > 0)) return null;
    return { policies: Object.fromEntries(declared), unlisted: isWhole ? 'delete' : 'ignore' };
  },
  revert: (difference, declared, context) => revertPolicy(difference, rulesOf(declared), context),
});

interface Rules {
  readonly declaredPolicies: ReadonlyMap<string, JsonObject>;
  readonly unlisted: 'report' | 'delete' | 'ignore';
}

function isFull(declared: Declared): declared is Full {
  return z.safeParse(full, declared).success;
}

function asFull(declared: Declared): Full {
  return isFull(declared) ? declared : { policies: declared };
}

function rulesOf(declared: Declared): Rules {
  const { policies: declaredPolicies = {}, unlisted = 'report' } = asFull(declared);
  return { declaredPolicies: new Map(Object.entries(declaredPolicies)), unlisted };
}

function pathOf(name: string): string {
  return `inlinePolicies[${name}]`;
}

function changed(
  { name, document }: InlinePolicy,
  expected: JsonObject,
  context: AspectContext,
): readonly DifferenceDraft[] {
  if (isSameIdentity(expected, document, context)) return [];
  const access = explainIdentity(expected, document, context);
  return [{ path: pathOf(name), type: 'NOT_EQUAL', expected, actual: document, access }];
}

function absent(name: string, expected: JsonObject, context: AspectContext): DifferenceDraft {
  const access = explainIdentity(expected, null, context);
  return { path: pathOf(name), type: 'REMOVE', expected, actual: null, access };
}

function extra(
  { name, document }: InlinePolicy,
  unlisted: 'report' | 'delete',
  context: AspectContext,
): DifferenceDraft {
  return {
    path: pathOf(name),
    type: 'ADD',
    expected: null,
    actual: document,
    access: explainIdentity(null, document, context),
    leftBySpec: isDenyOnly(document)
      ? 'this policy only denies: it is somebody’s containment and is never deleted'
      : unlisted === 'delete'
        ? null
        : 'the spec says to report inline policies that it does not list, not to delete them',
  };
}

function revertPolicy(
  { path, access }: Difference,
  { declaredPolicies }: Rules,
  { roleName: RoleName, wording }: Pick<RevertContext<unknown>, 'roleName' | 'wording'>,
): ChangeDraft {
  const PolicyName = path.slice('inlinePolicies['.length, -1);
  const document = declaredPolicies.get(PolicyName);
  return document === undefined
    ? {
        action: 'iam:DeleteRolePolicy',
        summary: `delete the inline policy ${PolicyName}`,
        effect: 'closes',
        call: iamCall(new DeleteRolePolicyCommand({ RoleName, PolicyName })),
        // Deleted by someone else meanwhile: the role is where we want it. The second read makes sure.
        isAlreadyInPlace: (error) => awsErrorCode(error) === 'NoSuchEntity',
      }
    : {
        action: 'iam:PutRolePolicy',
        summary: wording.putBack(`inline policy ${PolicyName}`),
        effect: isClosing(access) ? 'closes' : 'restores',
        call: iamCall(
          new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: formatPolicy(document) }),
        ),
      };
}

/** A policy that denies gives nothing when it goes, and closes when it comes back. */
function isClosing({ gained, lost }: AccessDelta): boolean {
  return gained.length > 0 || lost.length === 0;
}

function writeGrants(declared: Declared): readonly WriteGrant[] {
  const { declaredPolicies, unlisted } = rulesOf(declared);
  const actions = [
    ...(declaredPolicies.size > 0 ? ['iam:PutRolePolicy'] : []),
    ...(unlisted === 'delete' ? ['iam:DeleteRolePolicy'] : []),
  ];
  return actions.length === 0 ? [] : [{ actions }];
}
