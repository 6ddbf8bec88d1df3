import type { JsonObject } from '../../../shared/model.ts';
import type { DeclaredRole } from './declared-role.ts';
import { tagList } from './script.ts';

/**
 * A CloudFormation template with the role. Instance profiles are left to the stack that has them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
 */
export function recreationTemplate({ role, associations }: DeclaredRole): JsonObject {
  const policies = Object.entries(role.inlinePolicies).map(([PolicyName, PolicyDocument]) => ({
    PolicyName,
    PolicyDocument,
  }));
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        // Deleted with a stack, it would be missing again.
        DeletionPolicy: 'Retain',
        Properties: {
          RoleName: role.roleName,
          Path: role.path,
          AssumeRolePolicyDocument: role.trustPolicy,
          MaxSessionDuration: role.maxSessionDuration,
          ...(role.description === null || role.description === '' ? {} : { Description: role.description }),
          ...(role.permissionsBoundary === null ? {} : { PermissionsBoundary: role.permissionsBoundary }),
          ...(role.managedPolicies.length === 0 ? {} : { ManagedPolicyArns: role.managedPolicies }),
          ...(policies.length === 0 ? {} : { Policies: policies }),
          ...(Object.keys(role.tags).length === 0 ? {} : { Tags: tagList(role.tags) }),
        },
      },
      ...Object.fromEntries(
        associations.map((association, index) => [
          `Association${index + 1}`,
          {
            Type: 'AWS::EKS::PodIdentityAssociation',
            Properties: {
              ClusterName: association.clusterName,
              Namespace: association.namespace,
              ServiceAccount: association.serviceAccount,
              RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
              DisableSessionTags: association.disableSessionTags,
              ...(association.targetRoleArn === null ? {} : { TargetRoleArn: association.targetRoleArn }),
              ...(association.policy === null ? {} : { Policy: association.policy }),
            },
          },
        ]),
      ),
    },
  };
}
