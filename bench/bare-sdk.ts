import {
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';

/** What it takes at least to look at a role: the floor of an event in sync. */
export async function readRole(iam: IAMClient, RoleName: string): Promise<void> {
  await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
}

/** What it takes at least to look, to put the trust policy back, and to look whether it holds: the floor of a drifted role. */
export async function mendRole(iam: IAMClient, RoleName: string, PolicyDocument: string): Promise<void> {
  await readRole(iam, RoleName);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  await readRole(iam, RoleName);
}
