import names from '../spec/aws-managed-policies.json' with { type: 'json' };
import type { JsonObject } from '../model.ts';

/** What AWS managed policies exist, and what stands in them. */

const known: ReadonlySet<string> = new Set(names);

/** `service-role/AWSLambdaBasicExecutionRole` of an ARN of this partition; null for policies that are not AWS's. */
function pathAndName(arn: string, partition: string): string | null {
  const prefix = `arn:${partition}:iam::aws:policy/`;
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : null;
}

/** Whether AWS publishes a policy under this ARN. All partitions are taken to have the same ones. */
export function isAwsManagedPolicy(arn: string, partition: string): boolean {
  const name = pathAndName(arn, partition);
  return name !== null && known.has(name);
}

/**
 * Stands for a document that is not held here. It grants what nobody can be denied ("GetCallerIdentity needs no
 * permissions", STS API reference), so that no conclusion about access can be drawn from it.
 */
export const standInDocument: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'StandInForTheRealDocument', Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' },
  ],
};

const allow = (Action: string | readonly string[]): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
});

const policy = (...Statement: readonly JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });

/** The quarantine policies deny what stolen keys are used for; abridged, but Deny and nothing else, as AWS's own. */
const quarantine = policy({
  Effect: 'Deny',
  Action: [
    'ec2:RequestSpotInstances',
    'ec2:RunInstances',
    'ec2:StartInstances',
    'iam:AddUserToGroup',
    'iam:AttachGroupPolicy',
    'iam:AttachRolePolicy',
    'iam:AttachUserPolicy',
    'iam:ChangePassword',
    'iam:CreateAccessKey',
    'iam:CreateInstanceProfile',
    'iam:CreateLoginProfile',
    'iam:CreatePolicyVersion',
    'iam:CreateRole',
    'iam:CreateUser',
    'iam:DetachUserPolicy',
    'iam:PassRole',
    'iam:PutGroupPolicy',
    'iam:PutRolePolicy',
    'iam:PutUserPermissionsBoundary',
    'iam:PutUserPolicy',
    'iam:SetDefaultPolicyVersion',
    'iam:UpdateAccessKey',
    'iam:UpdateAccountPasswordPolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:UpdateLoginProfile',
    'iam:UpdateUser',
    'lambda:AddLayerVersionPermission',
    'lambda:AddPermission',
    'lambda:CreateFunction',
    'lambda:UpdateFunctionCode',
    'lightsail:Create*',
    'organizations:CreateAccount',
    'organizations:CreateOrganization',
    'organizations:InviteAccountToOrganization',
  ],
  Resource: ['*'],
});

/** Where it matters what a policy says. Source: AWS managed policy reference guide. */
const documents: ReadonlyMap<string, JsonObject> = new Map([
  ['AdministratorAccess', policy(allow('*'))],
  [
    'PowerUserAccess',
    policy(
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow([
        'account:GetAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ]),
    ),
  ],
  [
    'IAMFullAccess',
    policy(
      allow([
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPolicies',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListTargetsForPolicy',
      ]),
    ),
  ],
  ['AWSDenyAll', policy({ Sid: 'DenyAll', Effect: 'Deny', Action: ['*'], Resource: '*' })],
  ['AWSCompromisedKeyQuarantine', quarantine],
  ['AWSCompromisedKeyQuarantineV2', quarantine],
  ['AWSCompromisedKeyQuarantineV3', quarantine],
]);

/** The document of an AWS managed policy, or one that stands in for it. */
export function awsManagedDocument(arn: string, partition: string): JsonObject {
  return documents.get(pathAndName(arn, partition) ?? '') ?? standInDocument;
}
