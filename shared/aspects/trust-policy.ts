import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { MalformedPolicyError } from '../errors.ts';
import type { AccessDelta, Json, JsonObject } from '../model.ts';
import { formatPolicy } from '../policy/document.ts';
import { comparePolicies } from '../policy/equal.ts';
import { explainAccess } from '../policy/explain.ts';
import { policyFaults } from '../policy/faults.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { defineAspect } from './define.ts';
import type { AspectContext, ChangeDraft, IamRole } from './definition.ts';
import { iamCall } from './iam-call.ts';
import { jsonObject, jsonValue } from './json-schema.ts';
import { rolesOf, withRoleArns } from './role-ids.ts';
import { withoutVanishedPrincipal } from './vanished-principal.ts';
import type { Wording } from './wording.ts';

/** Who may assume the role. Compared by meaning: order, spelling and a `Sid` are no drift. */
export const trustPolicy = defineAspect({
  name: 'trustPolicy',
  docs: {
    watched:
      'who may assume the role, by meaning: order, spelling, `Sid` and the forms of an account are no drift',
    neverReverted:
      'nothing; a declared principal that does not exist is left out until it is back, since IAM would refuse the whole document',
  },
  schema: jsonObject,
  observed: jsonValue,
  triggers: [{ eventSource: 'iam.amazonaws.com', eventNames: ['UpdateAssumeRolePolicy'] }],
  actions: { observe: ['iam:GetRole'], revert: ['iam:UpdateAssumeRolePolicy'] },
  faults: (declared) =>
    policyFaults(declared, 'trust').map((fault) => ({
      path: fault.path,
      message:
        fault.iamMessage === null ? fault.message : `${fault.message} (IAM answers: ${fault.iamMessage})`,
      remedy: fault.remedy,
    })),
  atCreation: (declared) => ({ AssumeRolePolicyDocument: formatPolicy(declared) }),
  readGrants: (declared) =>
    rolesOf(declared).length === 0 ? [] : [{ actions: ['iam:GetRole'], resources: rolesOf(declared) }],
  whenCreated: (declared) => declared,
  inRole: documentOf,
  observe: async (context, declared) => withRoleArns(documentOf(await context.getRole()), declared, context),
  diff: (declared, observed, context) =>
    isEquivalent(declared, observed, context)
      ? []
      : [
          {
            path: 'trustPolicy',
            type: 'NOT_EQUAL',
            expected: declared,
            actual: observed,
            access: accessDelta(declared, observed, context),
          },
        ],
  declare: (observed) => {
    const document = z.safeParse(jsonObject, observed);
    return document.success ? document.data : null;
  },
  revert: (difference, declared, { roleName, wording }) =>
    put(declared, wording.putBack('trust policy'), {
      wording,
      roleName,
      closes: difference.access.gained.length > 0 || difference.access.lost.length === 0,
    }),
});

function documentOf({ AssumeRolePolicyDocument }: IamRole): Json {
  if (AssumeRolePolicyDocument === undefined) throw new Error('GetRole answered without a trust policy');
  // IAM returns it percent-encoded (RFC 3986). Compared raw, every read would be drift.
  return parsePolicyText(AssumeRolePolicyDocument);
}

function isEquivalent(declared: JsonObject, observed: Json, context: AspectContext): boolean {
  try {
    return comparePolicies(declared, observed, { kind: 'trust', ...context }).equivalent;
  } catch (error) {
    // A document that we cannot read may grant anything: it is different, and the declared one replaces it.
    if (error instanceof MalformedPolicyError) return false;
    throw error;
  }
}

function accessDelta(declared: JsonObject, observed: Json, context: AspectContext): AccessDelta {
  try {
    return explainAccess(declared, observed, { kind: 'trust', ...context });
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    const text = `anyone may be able to assume this role: its trust policy cannot be read (${error.message})`;
    return { gained: [{ principal: 'AWS:*', actions: ['sts:AssumeRole'], conditions: {}, text }], lost: [] };
  }
}

interface Putting {
  readonly wording: Wording;
  readonly roleName: string;
  readonly closes: boolean;
}

function put(document: JsonObject, summary: string, putting: Putting): ChangeDraft {
  const { roleName: RoleName, closes } = putting;
  return {
    action: 'iam:UpdateAssumeRolePolicy',
    summary,
    effect: closes ? 'closes' : 'restores',
    call: iamCall(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: formatPolicy(document) })),
    fallback: (error) => (closes ? withoutVanished(document, error, putting) : null),
  };
}

/**
 * One declared principal that no longer exists makes IAM refuse the whole document, and a backdoor would stay.
 * The access that must go is closed first, with the rest of the document; the principal follows when it is back.
 */
function withoutVanished(document: JsonObject, error: unknown, putting: Putting) {
  const rest = withoutVanishedPrincipal(document, error);
  if (rest === null) return null;
  const summary = `${putting.wording.putBack('trust policy')} without ${rest.principal}, which does not exist`;
  return { draft: put(rest.document, summary, putting), remainder: rest.remainder };
}
