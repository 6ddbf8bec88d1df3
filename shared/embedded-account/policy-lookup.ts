import type { JsonObject } from '../model.ts';
import { awsManagedDocument, isAwsManagedPolicy } from './aws-managed-policies.ts';
import { text } from './input.ts';
import { failedConstraint, invalidParameter, IamRefusal } from './refusal.ts';
import type { AccountState, Place, PolicyRecord } from './state.ts';

const shortestArn = 20;

/** `AmazonSSMManagedInstanceCore` of an ARN: what follows the path. */
export const policyNameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** `/service-role/` of an ARN. */
export const policyPathOf = (arn: string): string =>
  arn.slice(arn.indexOf('policy/') + 'policy'.length, arn.lastIndexOf('/') + 1);

/** A policy with one version, whoever it belongs to. */
export function newPolicyRecord(
  arn: string,
  document: string,
  policyId: string,
  created: Date,
): PolicyRecord {
  return {
    arn,
    policyName: policyNameOf(arn),
    policyId,
    path: policyPathOf(arn),
    description: null,
    createDate: created,
    updateDate: created,
    tags: new Map(),
    versions: [{ versionId: 'v1', text: document, createDate: created }],
    defaultVersionId: 'v1',
    lastVersion: 1,
  };
}

// When AWS's own policies were made is not held here; any fixed date will do.
const longAgo = new Date(Date.UTC(2015, 1, 6, 18, 40));

/** Ids of AWS's policies follow from their names here, so that they need not be kept. */
function awsPolicyId(arn: string): string {
  const letters = Buffer.from(policyNameOf(arn)).toString('hex').toUpperCase().padEnd(17, 'A');
  return `ANPA${letters.slice(-17)}`;
}

/** Also finds the policies that AWS publishes. */
export function findPolicy(state: AccountState, arn: string, { partition }: Place): PolicyRecord | null {
  const kept = state.policies.get(arn);
  if (kept !== undefined) return kept;
  if (!isAwsManagedPolicy(arn, partition)) return null;
  const document = JSON.stringify(awsManagedDocument(arn, partition));
  return newPolicyRecord(arn, document, awsPolicyId(arn), longAgo);
}

function requireArn(arn: string): void {
  if (arn.length < shortestArn) {
    throw failedConstraint('PolicyArn', arn, `have length greater than or equal to ${shortestArn}`);
  }
  // Two blanks: IAM's own text.
  if (!/^arn:[^:]+:iam:[^:]*:[^:]+:.+/.test(arn))
    throw invalidParameter('Invalid ARN:  Could not be parsed!');
}

/** The policy that the input's `PolicyArn` names. @throws {IamRefusal} NoSuchEntity */
export function requirePolicy(state: AccountState, input: JsonObject, place: Place): PolicyRecord {
  const arn = text(input, 'PolicyArn');
  requireArn(arn);
  const policy = findPolicy(state, arn, place);
  if (policy === null) throw new IamRefusal('NoSuchEntity', `Policy ${arn} was not found.`);
  return policy;
}

/** The same, for a change: AWS's own policies are not ours to change. */
export function requireOwnPolicy(state: AccountState, input: JsonObject, place: Place): PolicyRecord {
  const policy = requirePolicy(state, input, place);
  if (!policy.arn.startsWith(`arn:${place.partition}:iam::${place.accountId}:`)) {
    throw new IamRefusal('AccessDenied', 'Policy is outside your own account.');
  }
  return policy;
}

/** A policy that may be attached to a role. @throws {IamRefusal} */
export function requireAttachable(state: AccountState, arn: string, place: Place): PolicyRecord {
  requireArn(arn);
  const policy = findPolicy(state, arn, place);
  if (policy === null) {
    throw new IamRefusal('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  }
  if (policy.path.startsWith('/aws-service-role/')) {
    throw new IamRefusal('PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer Role.');
  }
  return policy;
}

/** A policy that may be a permissions boundary. @throws {IamRefusal} */
export function requireBoundary(state: AccountState, arn: string, place: Place): void {
  requireArn(arn);
  if (findPolicy(state, arn, place) === null) {
    throw new IamRefusal('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable.`);
  }
}
