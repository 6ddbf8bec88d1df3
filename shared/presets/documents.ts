import type { JsonObject } from '../model.ts';

/** operator → key → values, as in a policy's `Condition`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The ARN of an AWS managed policy: its name, with its path where it has one. */
export function awsManagedPolicy(name: string): string {
  return `arn:\${AWS::Partition}:iam::aws:policy/${name}`;
}

/** A trust policy with one statement, without `Condition` where there is none. */
export function trustDocument(
  principal: JsonObject,
  actions: string | readonly string[],
  conditions: Conditions = {},
): JsonObject {
  return trustStatements([trustStatement(principal, actions, conditions)]);
}

export function trustStatements(statements: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements };
}

function trustStatement(
  principal: JsonObject,
  actions: string | readonly string[],
  conditions: Conditions,
): JsonObject {
  const statement = { Effect: 'Allow', Principal: principal, Action: actions };
  return Object.keys(conditions).length === 0 ? statement : { ...statement, Condition: { ...conditions } };
}

/**
 * EC2 instances may assume the role. EC2 is the only service of the catalogue whose principal follows the partition's
 * domain: EKS in China refuses a node role that trusts `ec2.amazonaws.com`
 * (https://github.com/awslabs/cdk-eks-blueprints/issues/558), and IAM there refuses the others with `.com.cn`
 * (docs/presets.md has the evidence for each).
 */
export const ec2Trust: JsonObject = trustDocument({ Service: 'ec2.${AWS::URLSuffix}' }, 'sts:AssumeRole');

/** An identity of an OIDC provider in the role's own account. `issuer` is written without `https://`. */
export function webIdentityStatement(issuer: string, conditions: Conditions): JsonObject {
  return trustStatement(
    { Federated: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${issuer}` },
    'sts:AssumeRoleWithWebIdentity',
    conditions,
  );
}

/** Only for resources of this account: AWS's condition against the confused deputy. */
export function sourceConditions(sourceArn: string | readonly string[]): Conditions {
  return {
    StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
    ArnLike: { 'aws:SourceArn': sourceArn },
  };
}
