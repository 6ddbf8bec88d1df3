interface ProtectedName {
  /** A role name, or a prefix that ends in `*`. */
  readonly pattern: string;
  readonly reason: string;
}

/**
 * Names of roles that are never to be managed: AWS owns them, or the account cannot be recovered or deployed to without
 * them. The patterns are meant ignoring case, as IAM resolves role names.
 */
export const protectedRoleNames: readonly ProtectedName[] = [
  { pattern: 'AWSServiceRoleFor*', reason: 'it is a service-linked role, which only AWS can change' },
  { pattern: 'AWSReservedSSO_*', reason: 'it belongs to IAM Identity Center, which alone can change it' },
  {
    pattern: 'cdk-*',
    reason: 'it is a role of the CDK bootstrap stack, without which nothing can be deployed',
  },
  {
    pattern: 'OrganizationAccountAccessRole',
    reason: 'it is how the organization’s management account gets into this account',
  },
  { pattern: 'AWSControlTowerExecution', reason: 'it is how AWS Control Tower manages this account' },
  { pattern: 'stacksets-exec-*', reason: 'it is how CloudFormation StackSets deploys to this account' },
  { pattern: 'IamDriftRemediator*', reason: 'it is a role of iam-drift-remediator itself' },
];

/** Paths under which every role is AWS's own. */
export const protectedPaths: readonly { readonly prefix: string; readonly reason: string }[] = [
  {
    prefix: '/aws-service-role/',
    reason: 'its path is that of service-linked roles, which only AWS can change',
  },
  {
    prefix: '/aws-reserved/',
    reason: 'its path is that of roles reserved for AWS services, which only AWS can change',
  },
];

/**
 * Why a role must never be managed, as the end of a sentence ("… because ‹reason›"); null if it may be.
 * Names ignore case; so do paths here, because caution costs nothing.
 */
export function isProtectedRoleName(name: string, path = '/'): string | null {
  const roleName = name.toLowerCase();
  const rolePath = path.toLowerCase();
  return (
    protectedRoleNames.find(({ pattern }) => matches(pattern.toLowerCase(), roleName))?.reason ??
    protectedPaths.find(({ prefix }) => rolePath.startsWith(prefix))?.reason ??
    null
  );
}

function matches(pattern: string, roleName: string): boolean {
  return pattern.endsWith('*') ? roleName.startsWith(pattern.slice(0, -1)) : roleName === pattern;
}
