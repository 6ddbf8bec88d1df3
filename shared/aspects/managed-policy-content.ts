import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';

import { awsErrorCode } from '../errors.ts';
import type { AccessDelta, Difference, JsonObject } from '../model.ts';
import { formatPolicy } from '../policy/document.ts';
import type { AspectContext, ChangeDraft, DifferenceDraft, RevertContext } from './definition.ts';
import { iamCall, inOrder } from './iam-call.ts';
import { explainIdentity, isSameIdentity } from './identity-policies.ts';
import type { PolicyContent, PolicyVersion } from './managed-policy-versions.ts';
import { policyNameOf } from './policy-arn.ts';
import type { Wording } from './wording.ts';

const PATH = /^managedPolicies\[(.+)\]\.document$/;

/** The policy whose content a difference is about; null where it is about something else. */
export function contentPolicyOf({ path }: Pick<Difference, 'path'>): string | null {
  return PATH.exec(path)?.[1] ?? null;
}

/** The default version does not mean what is declared, or there is no such policy. */
export function contentDifference(
  { arn, versions }: PolicyContent,
  expected: JsonObject,
  isAttached: boolean,
  context: AspectContext,
): DifferenceDraft | null {
  const inForce = versions.find(({ isDefault }) => isDefault);
  const actual = inForce?.document ?? null;
  if (actual !== null && isSameIdentity(expected, actual, context)) return null;
  return {
    path: `managedPolicies[${arn}].document`,
    type: inForce === undefined ? 'REMOVE' : 'NOT_EQUAL',
    expected,
    actual,
    access: isAttached ? explainIdentity(expected, actual, context) : asYetUnused(arn, inForce),
    advice:
      inForce === undefined
        ? `${policyNameOf(arn)} was deleted: the tool that owns it may want to import the one that takes its place`
        : null,
  };
}

/** What is not attached gives and takes nothing; it will, once it is. */
function asYetUnused(arn: string, inForce: PolicyVersion | undefined): AccessDelta {
  const name = policyNameOf(arn);
  const text =
    inForce === undefined
      ? `this role can no longer be given what ${name} allowed: the policy does not exist`
      : `this role would get other access than is declared, were ${name} attached as it is`;
  return { gained: [], lost: [{ resource: arn, actions: [], conditions: {}, text }] };
}

interface Attachment {
  readonly content: PolicyContent;
  readonly isAttached: boolean;
}

export function revertContent(
  { access }: Difference,
  declared: JsonObject,
  { content: { arn, versions, otherUsers }, isAttached }: Attachment,
  context: RevertContext<unknown>,
): ChangeDraft {
  if (versions.length === 0) return create(arn, declared, context.wording);
  const name = policyNameOf(arn);
  // What is not attached must be right before it is: so this comes first, and the attachment waits if it does not succeed.
  const effect = access.gained.length > 0 || access.lost.length === 0 || !isAttached ? 'closes' : 'restores';
  const shared = {
    effect,
    ...(otherUsers.length > 0 && {
      notOursAlone: {
        reason: `${name} is also used by ${otherUsers.join(', ')}, which the spec does not declare`,
        remedy: `Declare all that use ${name}, or give them a policy of their own`,
        mayGoBack: access.gained.length > 0,
      },
    }),
  } as const;
  const good = versions.findLast(
    ({ document }) => document !== undefined && isSameIdentity(declared, document, context),
  );
  return good === undefined
    ? { ...shared, ...newVersion(arn, declared, versions, context.wording) }
    : {
        ...shared,
        action: 'iam:SetDefaultPolicyVersion',
        summary: `switch ${name} back to ${good.versionId}`,
        call: iamCall(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: good.versionId })),
      };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MOST_VERSIONS = 5;

function newVersion(
  PolicyArn: string,
  declared: JsonObject,
  versions: readonly PolicyVersion[],
  wording: Wording,
): Pick<ChangeDraft, 'action' | 'summary' | 'call'> {
  const name = policyNameOf(PolicyArn);
  const put = iamCall(
    new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: formatPolicy(declared), SetAsDefault: true }),
  );
  const action = 'iam:CreatePolicyVersion';
  const oldest = versions.find(({ isDefault }) => !isDefault);
  if (versions.length < MOST_VERSIONS || oldest === undefined)
    return { action, summary: `${wording.putBack(`content of ${name}`)} as a new version`, call: put };
  const { versionId } = oldest;
  return {
    action,
    summary: `delete ${versionId}, the oldest of ${MOST_VERSIONS} versions of ${name}, and ${wording.putBack('content')} as a new one`,
    call: inOrder(
      iamCall(new DeletePolicyVersionCommand({ PolicyArn, VersionId: versionId })),
      // Deleted by someone else meanwhile: there is room.
      (error) => awsErrorCode(error) === 'NoSuchEntity',
      put,
    ),
  };
}

/** Unlike a role, a policy is its ARN and its content, and both are declared. */
function create(arn: string, declared: JsonObject, wording: Wording): ChangeDraft {
  const PolicyName = policyNameOf(arn);
  const Path = arn.slice(arn.indexOf(':policy/') + ':policy'.length, -PolicyName.length);
  return {
    action: 'iam:CreatePolicy',
    summary: `create ${PolicyName} again with ${wording.the('content')}`,
    effect: 'restores',
    call: iamCall(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: formatPolicy(declared) })),
  };
}
