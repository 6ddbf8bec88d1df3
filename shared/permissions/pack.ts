import { InvalidSpecError } from '../errors.ts';
import type { PolicyStatement } from './statement.ts';

// Characters, white space not counted; a managed policy's limit and how many of them a role takes (a quota that can be
// raised): https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const INLINE_LIMIT = 10_240;
const MANAGED_LIMIT = 6144;
const MOST_MANAGED = 10;

const MOST_NAMES = 20;

/**
 * Divides statements into policies that IAM takes. One policy: it fits into `limit`, what is left of the 10,240
 * characters that all inline policies of a role share. More: each is to be a managed policy of its own.
 * Statements are only divided by their resources, so that the policies together say what the statements said.
 * @throws {InvalidSpecError} naming the roles for which there is no room in ten managed policies.
 */
export function packPolicies(
  statements: readonly PolicyStatement[],
  limit = INLINE_LIMIT,
): readonly (readonly PolicyStatement[])[] {
  if (policySize(statements) <= limit) return [statements];
  const largest = Math.min(limit, MANAGED_LIMIT);
  const policies: PolicyStatement[][] = [];
  const refused: PolicyStatement[] = [];
  for (const statement of statements.flatMap((one) => dividedToFit(one, largest))) {
    const room = policies.find((policy) => policySize([...policy, statement]) <= largest);
    if (room !== undefined) room.push(statement);
    else if (policies.length < MOST_MANAGED && policySize([statement]) <= largest) policies.push([statement]);
    else refused.push(statement);
  }
  if (refused.length > 0) throw tooLarge(refused);
  return policies;
}

/** Characters that IAM counts, with room for what tokens and variables may become on deployment. */
export function policySize(statements: readonly PolicyStatement[]): number {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }).replaceAll(
    /\$\{[^}]*\}/g,
    lengthened,
  ).length;
}

// A token may stand for anything: the longest is the name of a role, 64 characters.
function lengthened(variable: string): string {
  if (variable === '${AWS::AccountId}') return '1'.repeat(12);
  if (variable === '${AWS::Partition}') return 'aws-us-gov';
  return variable.padEnd(64, ' ');
}

function dividedToFit(statement: PolicyStatement, limit: number): readonly PolicyStatement[] {
  if (policySize([statement]) <= limit || statement.Resource.length < 2) return [statement];
  const middle = Math.ceil(statement.Resource.length / 2);
  const part = (name: string, resources: readonly string[]) =>
    dividedToFit({ ...statement, Sid: `${statement.Sid}${name}`, Resource: resources }, limit);
  return [...part('a', statement.Resource.slice(0, middle)), ...part('b', statement.Resource.slice(middle))];
}

function tooLarge(refused: readonly PolicyStatement[]): InvalidSpecError {
  const names = [...new Set(refused.flatMap(({ Resource }) => Resource.map(nameOf)))];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return new InvalidSpecError(
    `the permissions that these roles need do not fit into the ${MOST_MANAGED} managed policies of ` +
      `${MANAGED_LIMIT} characters that a role takes: ${names.slice(0, MOST_NAMES).join(', ')}${more}; ` +
      'declare fewer roles here, or roles alike by one pattern, or fewer policies on each',
  );
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
