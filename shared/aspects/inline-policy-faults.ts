import type { JsonObject } from '../model.ts';
import { policyFaults, policyLength, sizeLimits } from '../policy/faults.ts';
import type { DeclarationFault } from './definition.ts';

/** What IAM would refuse of inline policies. Strings may hold `${AWS::…}` variables. */
export function unusablePolicies(
  policies: Readonly<Record<string, JsonObject>>,
): readonly DeclarationFault[] {
  return [
    ...Object.entries(policies).flatMap(([name, document]) => [
      ...nameFaults(name),
      ...policyFaults(document, 'identity').map(({ path, message, iamMessage, remedy }) => ({
        path: [name, ...path],
        message: iamMessage === null ? message : `${message} (IAM answers: ${iamMessage})`,
        remedy,
      })),
    ]),
    ...sizeFaults(Object.values(policies)),
  ];
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
function nameFaults(name: string): readonly DeclarationFault[] {
  if (/^[\w+=,.@-]{1,128}$/.test(name)) return [];
  return [
    {
      path: [name],
      message: `${JSON.stringify(name)} is no name that IAM allows for a policy`,
      remedy: 'use up to 128 letters, digits and +=,.@_-',
    },
  ];
}

/** IAM counts all inline policies of a role together. */
function sizeFaults(documents: readonly JsonObject[]): readonly DeclarationFault[] {
  const { characters } = sizeLimits.identity;
  const length = documents.reduce((sum, document) => sum + policyLength(document), 0);
  // One that is too long by itself is told where it stands.
  if (length <= characters || documents.length < 2) return [];
  return [
    {
      path: [],
      message: `together they are ${length} characters long, and IAM takes ${characters} in all inline policies of a role`,
      remedy: 'make some of them managed policies',
    },
  ];
}
