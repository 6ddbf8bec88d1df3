import {
  AttachRolePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import { queryCall } from '../moto/aws.ts';
import type { Template } from './synthesise.ts';

const roleSchema = z.looseObject({
  RoleName: z.string(),
  ManagedPolicyArns: z.optional(z.array(z.object({ Ref: z.string() }))),
});
/** Every role of the template has a name of its own. */
export function rolesIn({ Resources }: Template): readonly string[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties }) => z.parse(roleSchema, Properties).RoleName);
}

/**
 * moto's CloudFormation keeps a role's inline policies as Python prints them, in single quotes. They are put again as the
 * JSON that they were, or nobody could read them. (No policy of ours holds a quote.)
 */
export async function repairInlinePolicies(iam: IAMClient, RoleName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const json = decodeURIComponent(PolicyDocument).replaceAll("'", '"');
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: json }));
  }
}

const resourcesSchema = z.object({
  DescribeStackResourcesResponse: z.object({
    DescribeStackResourcesResult: z.object({
      StackResources: z.array(
        // Neither for what moto did not make.
        z.object({
          LogicalResourceId: z.nullish(z.string()),
          PhysicalResourceId: z.nullish(z.string()),
        }),
      ),
    }),
  }),
});

/** moto's CloudFormation makes the managed policies of a role, and does not read that the role wants them attached. */
export async function attachManagedPolicies(
  { endpoint, iam }: { readonly endpoint: string; readonly iam: IAMClient },
  StackName: string,
  { Resources }: Template,
): Promise<void> {
  const answer = await queryCall(endpoint, 'cloudformation', { Action: 'DescribeStackResources', StackName });
  const { StackResources } = z.parse(resourcesSchema, answer).DescribeStackResourcesResponse
    .DescribeStackResourcesResult;
  const physicalIds = new Map(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    const { RoleName, ManagedPolicyArns = [] } = z.parse(roleSchema, Properties);
    for (const { Ref } of ManagedPolicyArns)
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: physicalIds.get(Ref) ?? '' }));
  }
}
