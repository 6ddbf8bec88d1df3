import * as z from 'zod/mini';

import type { IamChangeEvent, JsonObject } from '../model.ts';
import { defineAspect } from './define.ts';
import type { ObserveContext } from './definition.ts';
import { jsonObject } from './json-schema.ts';
import { missingAttachment, revertAttachment, surplusAttachment } from './managed-policy-attachments.ts';
import { contentDifference, contentPolicyOf, revertContent } from './managed-policy-content.ts';
import { managedPolicyFaults } from './managed-policy-faults.ts';
import { readGrants, writeGrants } from './managed-policy-grants.ts';
import { denyOnlyPolicies, listAttachedPolicies } from './managed-policy-reads.ts';
import {
  asFull,
  type DeclaredPolicies,
  managedPoliciesSchema,
  type PolicyRules,
  rulesOf,
} from './managed-policy-rules.ts';
import { policyContentSchema, readPolicyContent } from './managed-policy-versions.ts';

const observed = z.object({
  attached: z.array(z.string()),
  denyOnly: z.array(z.string()),
  contents: z.array(policyContentSchema),
});

type Observed = z.infer<typeof observed>;

/** Which managed policies are attached to the role, and what those say whose content is declared. */
export const managedPolicies = defineAspect<DeclaredPolicies, Observed>({
  name: 'managedPolicies',
  docs: {
    watched:
      'which managed policies are attached (`attached` with alternatives, `forbidden`, `unlisted`), and with `document` what a customer-managed one says',
    neverReverted:
      'an unlisted policy under `unlisted: report`; one that only denies, because it is somebody’s containment; content while an undeclared principal uses the policy, too',
  },
  schema: managedPoliciesSchema,
  observed,
  triggers: [
    { eventSource: 'iam.amazonaws.com', eventNames: ['AttachRolePolicy', 'DetachRolePolicy'] },
    {
      eventSource: 'iam.amazonaws.com',
      eventNames: ['CreatePolicy', 'DeletePolicy', 'DeletePolicyVersion'],
      concerns: isOfDeclaredContent,
    },
    {
      eventSource: 'iam.amazonaws.com',
      // The only calls after which a policy that is attached may say something else: a default version is not deleted.
      eventNames: ['CreatePolicyVersion', 'SetDefaultPolicyVersion'],
      concerns: isOfDeclaredContent,
      concernsHolder: (event, declared) =>
        isOfDeclaredContent(event, declared) || isToBeDetachedUnlessItDenies(event, declared),
    },
  ],
  actions: {
    observe: [
      'iam:ListAttachedRolePolicies',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:ListPolicyVersions',
      'iam:ListEntitiesForPolicy',
    ],
    revert: [
      'iam:DetachRolePolicy',
      'iam:AttachRolePolicy',
      'iam:CreatePolicy',
      'iam:CreatePolicyVersion',
      'iam:DeletePolicyVersion',
      'iam:SetDefaultPolicyVersion',
    ],
  },
  grants: writeGrants,
  readGrants,
  // A role that only says `unlisted: detach` keeps its preset's policies.
  merge: (preset, own) => ({ ...asFull(preset), ...asFull(own) }),
  faults: managedPolicyFaults,
  agreements: (declared) => rulesOf(declared).contents,
  observe: async (context, declared) => {
    const rules = rulesOf(declared);
    const [attachments, contents] = await Promise.all([
      readAttachments(context, rules),
      Promise.all(
        [...rules.contents].map(([policy, document]) => readPolicyContent(context, policy, document)),
      ),
    ]);
    return { ...attachments, contents };
  },
  diff: (declared, { attached, denyOnly, contents }, context) => {
    const rules = rulesOf(declared);
    const present = new Set(attached);
    const missing = rules.required.filter((alternatives) => !alternatives.some((one) => present.has(one)));
    return [
      ...attached.flatMap((policy) => surplusAttachment(policy, rules, denyOnly.includes(policy))),
      // A policy says what is declared before it is attached.
      ...contents.flatMap((content) => {
        const document = rules.contents.get(content.arn);
        if (document === undefined) return [];
        return contentDifference(content, document, present.has(content.arn), context) ?? [];
      }),
      ...missing.map(missingAttachment),
    ];
  },
  // A policy, and what it says, outlives the roles that it is attached to.
  whenCreated: () => ({ attached: [], denyOnly: [], contents: [] }),
  declare: ({ attached, contents }) => {
    const requirements = attached.map((arn) => requirementFor(arn, contents));
    return requirements.includes(null)
      ? null
      : { attached: requirements.filter((one) => one !== null), unlisted: 'detach' };
  },
  revert: (difference, declared, context) => {
    const policy = contentPolicyOf(difference);
    const document = rulesOf(declared).contents.get(policy ?? '');
    const content = context.observed.contents.find(({ arn }) => arn === policy);
    if (content === undefined || document === undefined)
      return revertAttachment(difference, context.roleName);
    const isAttached = context.observed.attached.includes(content.arn);
    return revertContent(difference, document, { content, isAttached }, context);
  },
});

function isOfDeclaredContent({ policyArn }: IamChangeEvent, declared: DeclaredPolicies): boolean {
  return policyArn !== null && rulesOf(declared).contents.has(policyArn);
}

/** What it says decides: as long as it only denies, it is left. */
function isToBeDetachedUnlessItDenies({ policyArn }: IamChangeEvent, declared: DeclaredPolicies): boolean {
  const { unlisted, expected, forbidden } = rulesOf(declared);
  return policyArn !== null && unlisted === 'detach' && !expected.has(policyArn) && !forbidden.has(policyArn);
}

/** What is attached, with what it says where that was read; null where that is no document. */
function requirementFor(
  arn: string,
  contents: Observed['contents'],
): string | { arn: string; document: JsonObject } | null {
  const content = contents.find((one) => one.arn === arn);
  const inForce = content?.versions.find(({ isDefault }) => isDefault);
  if (inForce === undefined) return arn;
  const document = z.safeParse(jsonObject, inForce.document);
  return document.success ? { arn, document: document.data } : null;
}

async function readAttachments(
  context: ObserveContext,
  rules: PolicyRules,
): Promise<Pick<Observed, 'attached' | 'denyOnly'>> {
  const attached = await listAttachedPolicies(context);
  // Content is read only where it decides: an undeclared policy is about to be detached.
  const undeclared = attached.filter((policy) => !rules.expected.has(policy) && !rules.forbidden.has(policy));
  const denyOnly = rules.unlisted === 'detach' ? await denyOnlyPolicies(context, undeclared) : [];
  return { attached, denyOnly };
}
