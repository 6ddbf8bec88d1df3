import type { Actor, Cause } from '../model.ts';
import { named } from './escape.ts';

/**
 * Who made a call, for people: `IAM user alice`, `alice@example.com through AWS SSO (AdministratorAccess)`,
 * `session ci-42 of role deployer`, `CloudFormation, for IAM user alice`. One line; names that could pass for words are
 * quoted. With `accountId`, the account that was changed, a caller from another account is said to be from there.
 *
 * CloudTrail's fields are explained in
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function describeActor(actor: Actor, accountId?: string): string {
  const person = identity(actor);
  const foreign =
    accountId !== undefined &&
    actor.accountId !== null &&
    actor.accountId !== accountId &&
    !namesItsAccount.has(actor.type)
      ? `${person} from account ${named(actor.accountId)}`
      : person;
  const tool = claimedTool(actor.userAgent);
  const claim = tool === null ? '' : `, whose client says it is ${tool}`;
  return `${hand(actor)}${foreign}${claim}`;
}

/** `root of account …` needs no account added. */
const namesItsAccount: ReadonlySet<string> = new Set(['Root', 'AWSAccount']);

/** Where a call came from, and whether with MFA: `from 192.0.2.20, without MFA`. Empty where CloudTrail says neither. */
export function describeOrigin(actor: Actor): string {
  const { sourceIpAddress: source } = actor;
  // CloudTrail puts the service's name here too where a service made the call: that has been said already.
  const address = source === null || source === actor.invokedBy ? [] : [`from ${named(source)}`];
  const mfa = actor.mfa === null ? [] : [actor.mfa ? 'with MFA' : 'without MFA'];
  return [...address, ...mfa].join(', ');
}

const events: ReadonlyMap<string, string> = new Map([
  ['AcquireRole', 'created'],
  ['CreateRole', 'created'],
  ['DeleteRole', 'deleted'],
  ['UpdateRole', 'changed the settings of'],
  ['UpdateRoleDescription', 'changed the description of'],
  ['UpdateAssumeRolePolicy', 'replaced the trust policy of'],
  ['AttachRolePolicy', 'attached a managed policy to'],
  ['DetachRolePolicy', 'detached a managed policy from'],
  ['PutRolePolicy', 'wrote an inline policy of'],
  ['DeleteRolePolicy', 'deleted an inline policy of'],
  ['PutRolePermissionsBoundary', 'set the permissions boundary of'],
  ['DeleteRolePermissionsBoundary', 'removed the permissions boundary of'],
  ['TagRole', 'tagged'],
  ['UntagRole', 'removed tags from'],
  ['AddRoleToInstanceProfile', 'added an instance profile to'],
  ['RemoveRoleFromInstanceProfile', 'removed an instance profile from'],
  ['CreatePolicyVersion', 'published a version of a policy of'],
  ['DeletePolicyVersion', 'deleted a version of a policy of'],
  ['SetDefaultPolicyVersion', 'switched the version of a policy of'],
  ['CreatePolicy', 'created a policy of'],
  ['DeletePolicy', 'deleted a policy of'],
  ['CreatePodIdentityAssociation', 'let a Kubernetes service account use'],
  ['UpdatePodIdentityAssociation', "changed a Kubernetes service account's use of"],
  ['DeletePodIdentityAssociation', "ended a Kubernetes service account's use of"],
  ['CreateOpenIDConnectProvider', 'created an identity provider trusted by'],
  ['DeleteOpenIDConnectProvider', 'deleted an identity provider trusted by'],
  ['AddClientIDToOpenIDConnectProvider', 'added an audience to an identity provider trusted by'],
  ['RemoveClientIDFromOpenIDConnectProvider', 'removed an audience from an identity provider trusted by'],
  ['UpdateOpenIDConnectProviderThumbprint', 'changed the certificates of an identity provider trusted by'],
  ['CreateSAMLProvider', 'created an identity provider trusted by'],
  ['DeleteSAMLProvider', 'deleted an identity provider trusted by'],
  ['UpdateSAMLProvider', 'changed the metadata of an identity provider trusted by'],
]);

/** What a call did, in words that the role's name follows: `attached a managed policy to`. */
export function describeEvent(eventName: string): string {
  return events.get(eventName) ?? `called ${named(eventName)} on`;
}

/** Who did what, in words that the role's name follows: `IAM user alice attached a managed policy to`. */
export function describeAct({ actor, eventName }: Cause, accountId: string): string {
  const who = describeActor(actor, accountId);
  return `${who}${who.includes(', ') ? ',' : ''} ${describeEvent(eventName)}`;
}

function identity(actor: Actor): string {
  switch (actor.type) {
    case 'Root':
      return actor.accountId === null ? 'the root user' : `root of account ${named(actor.accountId)}`;
    case 'IAMUser':
      return `IAM user ${named(actor.userName ?? lastSegment(actor.arn) ?? 'without a name')}`;
    case 'AssumedRole':
      return roleSession(actor);
    case 'FederatedUser':
      return `federated user ${named(actor.sessionName ?? actor.userName ?? lastSegment(actor.arn) ?? 'without a name')}`;
    case 'SAMLUser':
    case 'WebIdentityUser':
      return `${actor.type === 'SAMLUser' ? 'SAML' : 'web identity'} user ${named(actor.userName ?? 'without a name')}`;
    case 'IdentityCenterUser':
      return `Identity Center user ${named(actor.userName ?? 'without a name')}`;
    case 'AWSService':
      return actor.invokedBy === null ? 'an AWS service' : service(actor.invokedBy);
    case 'AWSAccount':
      return actor.accountId === null ? 'another account' : `account ${named(actor.accountId)}`;
    default:
      return actor.arn === null
        ? 'somebody whom CloudTrail does not name'
        : `${named(actor.type)} ${named(actor.arn)}`;
  }
}

/**
 * Only AWS can create roles under this path, so the name behind it is a permission set; a role that merely calls itself
 * `AWSReservedSSO_…` is not believed. https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
 */
const ssoRole =
  /:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z0-9-]+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

function roleSession(actor: Actor): string {
  const session = named(actor.sessionName ?? lastSegment(actor.arn) ?? 'without a name');
  const permissionSet = ssoRole.exec(actor.issuerArn ?? '')?.[1];
  if (permissionSet !== undefined) return `${session} through AWS SSO (${named(permissionSet)})`;
  const role = lastSegment(actor.issuerArn) ?? actor.arn?.split('/').at(-2) ?? null;
  return role === null
    ? `session ${session} of an unnamed role`
    : `session ${session} of role ${named(role)}`;
}

/** The service that made the call for the person. */
function hand(actor: Actor): string {
  return actor.invokedBy === null || actor.type === 'AWSService' ? '' : `${service(actor.invokedBy)}, for `;
}

const services: ReadonlyMap<string, string> = new Map([
  ['cloudformation.amazonaws.com', 'CloudFormation'],
  ['sso.amazonaws.com', 'AWS SSO'],
  ['servicecatalog.amazonaws.com', 'Service Catalog'],
  ['controltower.amazonaws.com', 'Control Tower'],
  ['AWS Internal', 'an AWS service'],
]);

function service(principal: string): string {
  return services.get(principal) ?? `the AWS service ${named(principal)}`;
}

/** A caller chooses its user agent: what it says is a hint for people and no more. */
function claimedTool(userAgent: string | null): string | null {
  const match = /\b(Terraform|OpenTofu|Pulumi)\b/i.exec(userAgent ?? '');
  const tools = new Map([
    ['terraform', 'Terraform'],
    ['opentofu', 'OpenTofu'],
    ['pulumi', 'Pulumi'],
  ]);
  return tools.get(match?.[1]?.toLowerCase() ?? '') ?? null;
}

function lastSegment(arn: string | null): string | null {
  return arn?.split('/').at(-1) ?? null;
}
