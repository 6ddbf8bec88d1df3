import {
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

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
