import type { ReadGrant, WriteGrant } from './definition.ts';
import { type DeclaredPolicies, rulesOf } from './managed-policy-rules.ts';

/** Attaching what is required, detaching what may have to go, and what puts declared content right; nothing else. */
export function writeGrants(declared: DeclaredPolicies): readonly WriteGrant[] {
  const rules = rulesOf(declared);
  const attach = [...new Set(rules.required.flat())];
  const grants: WriteGrant[] = [];
  if (attach.length > 0) grants.push({ actions: ['iam:AttachRolePolicy'], condition: only(attach) });
  if (rules.unlisted === 'detach') grants.push({ actions: ['iam:DetachRolePolicy'] });
  else if (rules.forbidden.size > 0)
    grants.push({ actions: ['iam:DetachRolePolicy'], condition: only([...rules.forbidden]) });
  return [...grants, ...contentGrants(rules.contents.keys())];
}

function contentGrants(policies: Iterable<string>): readonly WriteGrant[] {
  const resources = [...policies].sort();
  return resources.length === 0
    ? []
    : [
        {
          actions: [
            'iam:CreatePolicy',
            'iam:CreatePolicyVersion',
            'iam:DeletePolicyVersion',
            'iam:SetDefaultPolicyVersion',
          ],
          resources,
        },
      ];
}

const OWN_POLICIES = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*';

/** Whom the revert of a declared policy would concern; and who has one that may have ceased to deny, whichever that is. */
export function readGrants(declared: DeclaredPolicies): readonly ReadGrant[] {
  const { unlisted, contents } = rulesOf(declared);
  const resources = unlisted === 'detach' ? [OWN_POLICIES] : [...contents.keys()].sort();
  return resources.length === 0 ? [] : [{ actions: ['iam:ListEntitiesForPolicy'], resources }];
}

function only(policies: readonly string[]): NonNullable<WriteGrant['condition']> {
  return { ArnEquals: { 'iam:PolicyARN': policies } };
}
