/**
 * What the function may be granted at all, by the resource that IAM checks the action against. An aspect that asks for
 * something else is refused where the statements are made.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const roleReads: ReadonlySet<string> = new Set([
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:ListRoleTags',
]);

/** Reads of a managed policy: whatever is found attached has to be understood, so they are not limited to some. */
export const policyReads: ReadonlySet<string> = new Set([
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:ListPolicyVersions',
]);

/** Writes to a role that put it back, and the condition key without which each is refused; null where IAM has none. */
export const roleWrites: ReadonlyMap<string, string | null> = new Map([
  // Any policy may be attached by whoever may attach without limit: that is administrator access.
  ['iam:AttachRolePolicy', 'iam:PolicyARN'],
  // Of a role that the spec names; its boundary, where one is declared, is the condition.
  ['iam:CreateRole', null],
  ['iam:DeleteRolePolicy', null],
  // Its limit is the spec's to give: a role that says `unlisted: detach` has none.
  ['iam:DetachRolePolicy', null],
  // Whoever may pass a role to any service may have it do anything that the role may.
  ['iam:PassRole', 'iam:PassedToService'],
  ['iam:PutRolePermissionsBoundary', 'iam:PermissionsBoundary'],
  ['iam:PutRolePolicy', null],
  ['iam:TagRole', null],
  ['iam:UntagRole', null],
  ['iam:UpdateAssumeRolePolicy', null],
  ['iam:UpdateRole', null],
  ['iam:UpdateRoleDescription', null],
]);

/** Every call that changes a role or hands it on. Denied on the roles that must never be touched. */
export const everyRoleWrite: readonly string[] = [
  ...roleWrites.keys(),
  'iam:DeleteRole',
  'iam:DeleteRolePermissionsBoundary',
].sort();

// At whatever path: an instance profile is declared by its name, which is unique in an account.
const oneInstanceProfile =
  /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|\d{12}):instance-profile\/(?:\*\/)?[\w+=,.@-]+$/;

// Written out, and never one of AWS's own.
const ownPolicy =
  /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|\d{12}):policy\/[\w+=,.@/-]+$/;

// Which of them comes to matter is known once it is found on a role.
const ownPolicies =
  /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|\d{12}):policy\/(?:\*|[\w+=,.@/-]+)$/;

const oneProvider =
  /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|\d{12}):(?:oidc|saml)-provider\/[\w./:-]+$/;

// Of one cluster; its region is not always declared.
const oneCluster =
  /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):eks:(?:\*|[a-z0-9-]+):(?:\$\{AWS::AccountId\}|\d{12}):cluster\/[\w-]+$/;
const itsAssociations =
  /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):eks:(?:\*|[a-z0-9-]+):(?:\$\{AWS::AccountId\}|\d{12}):podidentityassociation\/[\w-]+\/\*$/;

/** What IAM checks against something that is not the role, and how narrow that must be named. */
export const beside: {
  readonly reads: ReadonlyMap<string, RegExp>;
  readonly writes: ReadonlyMap<string, RegExp>;
} = {
  reads: new Map([
    ['eks:DescribePodIdentityAssociation', itsAssociations],
    ['eks:ListPodIdentityAssociations', oneCluster],
    ['iam:GetInstanceProfile', oneInstanceProfile],
    ['iam:GetOpenIDConnectProvider', oneProvider],
    ['iam:GetSAMLProvider', oneProvider],
    ['iam:ListEntitiesForPolicy', ownPolicies],
  ]),
  writes: new Map([
    ['eks:CreatePodIdentityAssociation', oneCluster],
    ['eks:DeletePodIdentityAssociation', itsAssociations],
    ['eks:UpdatePodIdentityAssociation', itsAssociations],
    ['iam:AddRoleToInstanceProfile', oneInstanceProfile],
    ['iam:CreatePolicy', ownPolicy],
    ['iam:CreatePolicyVersion', ownPolicy],
    ['iam:DeletePolicyVersion', ownPolicy],
    ['iam:RemoveRoleFromInstanceProfile', oneInstanceProfile],
    ['iam:SetDefaultPolicyVersion', ownPolicy],
  ]),
};
