import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

import { aspects } from '../shared/aspects/index.ts';
import { packPolicies } from '../shared/permissions/pack.ts';
import { remediatorStatements } from '../shared/permissions/statements.ts';
import type { Spec } from '../shared/spec/spec.ts';

// IAM's limit for all inline policies of a role is 10,240 characters; the rest is for the function's own queue, table
// and log (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const ROOM_FOR_SPEC = 8240;

/** What the spec lets the remediating function do, as policies that IAM takes. */
export interface SpecPolicies {
  /** One: to be written into the role. More: each is to be a managed policy. */
  readonly documents: readonly PolicyDocument[];
  /** Resources with a wildcard that something is allowed on. */
  readonly wildcards: readonly string[];
}

/** @throws {InvalidSpecError} naming roles for which IAM's limits leave no room. */
export function specPolicies(spec: Spec): SpecPolicies {
  const statements = remediatorStatements(spec, aspects, {
    partition: '${AWS::Partition}',
    accountId: '${AWS::AccountId}',
    // Their prefix is among the protected names; telling each would cost room.
    ownRoleNames: [],
  });
  return {
    documents: packPolicies(statements, ROOM_FOR_SPEC).map(
      (policy) =>
        new PolicyDocument({
          // Joined by CDK, statements would lose what they say in the review of a change.
          minimize: false,
          statements: policy.map((statement) => PolicyStatement.fromJson(deployable(statement))),
        }),
    ),
    wildcards: statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Resource }) => Resource)
      .filter((resource) => resource.includes('*')),
  };
}

/** The same JSON with CloudFormation's variables as references. */
function deployable(statement: object): unknown {
  const text = JSON.stringify(statement)
    .replaceAll('${AWS::Partition}', Aws.PARTITION)
    .replaceAll('${AWS::AccountId}', Aws.ACCOUNT_ID);
  const json: unknown = JSON.parse(text);
  return json;
}
