import type { ManagedPolicyDetail, RoleDetail, UserDetail } from '@aws-sdk/client-iam';

import { encodeDocument } from './document.ts';
import { texts } from './input.ts';
import { profilesOf } from './instance-profiles.ts';
import { pageOf } from './pagination.ts';
import { listedPolicy } from './policies.ts';
import { findPolicy, policyNameOf } from './policy-lookup.ts';
import { wholeVersion } from './policy-versions.ts';
import { shownBoundary } from './roles.ts';
import {
  byCodeUnit,
  read,
  type AccountState,
  type OperationContext,
  type PolicyRecord,
  type RoleRecord,
  type UserRecord,
} from './state.ts';
import { tagList } from './tags.ts';
import { encodedTrustPolicy } from './trust-policy.ts';

function roleDetail(state: AccountState, role: RoleRecord): RoleDetail {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.arn,
    CreateDate: role.createDate,
    AssumeRolePolicyDocument: encodedTrustPolicy(state, role),
    InstanceProfileList: [...profilesOf(state, role)],
    RolePolicyList: [...role.inlinePolicies].map(([PolicyName, text]) => ({
      PolicyName,
      PolicyDocument: encodeDocument(text),
    })),
    AttachedManagedPolicies: role.attachedPolicies.map((arn) => ({
      PolicyName: policyNameOf(arn),
      PolicyArn: arn,
    })),
    ...shownBoundary(role),
    Tags: tagList(role.tags),
  };
}

const userDetail = (user: UserRecord): UserDetail => ({
  Path: user.path,
  UserName: user.userName,
  UserId: user.userId,
  Arn: user.arn,
  CreateDate: user.createDate,
  GroupList: [],
  AttachedManagedPolicies: [],
});

function policyDetail(state: AccountState, policy: PolicyRecord): ManagedPolicyDetail {
  return {
    ...listedPolicy(state, policy),
    PolicyVersionList: policy.versions.map((version) => wholeVersion(policy, version)),
  };
}

/** One entry of the answer, shown only if its page is asked for. */
interface Detail {
  readonly list: 'UserDetailList' | 'RoleDetailList' | 'Policies';
  readonly show: () => UserDetail | RoleDetail | ManagedPolicyDetail;
}

/** AWS's own policies are listed where they are in use. */
function policiesInUse(state: AccountState, context: OperationContext): readonly PolicyRecord[] {
  const used = [...state.roles.values()].flatMap((role) => [
    ...role.attachedPolicies,
    ...(role.permissionsBoundary === null ? [] : [role.permissionsBoundary]),
  ]);
  return [...new Set([...state.policies.keys(), ...used])]
    .sort(byCodeUnit)
    .map((arn) => findPolicy(state, arn, context))
    .filter((policy) => policy !== null);
}

function allDetails(
  state: AccountState,
  filter: readonly string[],
  context: OperationContext,
): readonly Detail[] {
  const wants = (kind: string) => filter.length === 0 || filter.includes(kind);
  const policyKind = ({ arn }: PolicyRecord) =>
    arn.startsWith(`arn:${context.partition}:iam::aws:`) ? 'AWSManagedPolicy' : 'LocalManagedPolicy';
  const users: Detail[] = [...state.users.values()]
    .filter(() => wants('User'))
    .map((user) => ({ list: 'UserDetailList', show: () => userDetail(user) }));
  const roles: Detail[] = [...state.roles.values()]
    .filter(() => wants('Role'))
    .map((role) => ({ list: 'RoleDetailList', show: () => roleDetail(state, role) }));
  const policies: Detail[] = policiesInUse(state, context)
    .filter((policy) => wants(policyKind(policy)))
    .map((policy) => ({ list: 'Policies', show: () => policyDetail(state, policy) }));
  return [...users, ...roles, ...policies];
}

export const authorizationDetailsOperations = {
  GetAccountAuthorizationDetails: read((state, input, context) => {
    const { items, rest } = pageOf(allDetails(state, texts(input, 'Filter'), context), input);
    const listed = (list: Detail['list']) =>
      items.filter((item) => item.list === list).map(({ show }) => show());
    return {
      UserDetailList: listed('UserDetailList'),
      GroupDetailList: [],
      RoleDetailList: listed('RoleDetailList'),
      Policies: listed('Policies'),
      ...rest,
    };
  }),
};
