import type { JsonObject } from '../model.ts';
import { policyFaults, policyLength } from '../policy/faults.ts';
import type { DeclarationFault } from './definition.ts';
import { alternativesOf, asFull, type DeclaredPolicies } from './managed-policy-rules.ts';

// IAM's largest quota of managed policies on one role, and its quota of characters of one of them
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const MOST_POLICIES = 25;
const MOST_CHARACTERS = 6144;

/** What IAM would refuse of managed policies, and what contradicts itself. */
export function managedPolicyFaults(declared: DeclaredPolicies): readonly DeclarationFault[] {
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
  for (const [index, requirement] of attached.entries()) {
    for (const policy of alternativesOf(requirement)) {
      if (seen.has(policy))
        faults.push({
          path: [...prefix, index],
          message: `${policy} is required twice`,
          remedy: 'remove one of the two',
        });
      seen.add(policy);
    }
    if (typeof requirement === 'object' && 'arn' in requirement && requirement.document !== undefined)
      for (const fault of contentFaults(requirement.arn, requirement.document))
        faults.push({ ...fault, path: [...prefix, index, ...fault.path] });
  }
  if (attached.length > MOST_POLICIES)
    faults.push({
      path: [...prefix, MOST_POLICIES],
      message: `${attached.length} managed policies are required, and IAM attaches at most ${MOST_POLICIES} to a role`,
      remedy: 'merge policies; the quota is 10 unless it was raised for the account',
    });
  return faults;
}

function contentFaults(arn: string, document: JsonObject): readonly DeclarationFault[] {
  if (arn.includes(':iam::aws:'))
    return [
      {
        path: ['document'],
        message: `${arn} is AWS's own policy: nobody else can say what stands in it`,
        remedy: 'leave the document out, or declare a policy of your own',
      },
    ];
  const length = policyLength(document);
  return [
    ...policyFaults(document, 'identity').map(({ path, message, iamMessage, remedy }) => ({
      path: ['document', ...path],
      message: iamMessage === null ? message : `${message} (IAM answers: ${iamMessage})`,
      remedy,
    })),
    ...(length > MOST_CHARACTERS
      ? [
          {
            path: ['document'],
            message: `it is ${length} characters long, and IAM takes ${MOST_CHARACTERS} in a managed policy`,
            remedy: 'split it into several policies',
          },
        ]
      : []),
  ];
}
