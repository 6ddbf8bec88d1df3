import type { Role } from '@aws-sdk/client-iam';

import type { JsonObject } from '../model.ts';
import { newName, newPath, optionalNumber, optionalText, text } from './input.ts';
import { pageOf } from './pagination.ts';
import { addPrincipal, dropPrincipal } from './principals.ts';
import { failedConstraint, IamRefusal } from './refusal.ts';
import { requireBoundary } from './policy-lookup.ts';
import {
  byCodeUnit,
  read,
  withoutEntry,
  withRole,
  write,
  type AccountState,
  type OperationContext,
  type RoleRecord,
} from './state.ts';
import { tagList, withoutTags, withTags } from './tags.ts';
import { acceptTrustPolicy, encodedTrustPolicy } from './trust-policy.ts';

const hour = 3600;
const longestRoleName = 64;

/** The role that the input names. @throws {IamRefusal} NoSuchEntity */
export function requireRole(state: AccountState, input: JsonObject): RoleRecord {
  const roleName = text(input, 'RoleName');
  const role = state.roles.get(roleName.toLowerCase());
  if (role === undefined) {
    throw new IamRefusal('NoSuchEntity', `The role with name ${roleName} cannot be found.`);
  }
  return role;
}

/** The role that the input names, where AWS lets its account change it. @throws {IamRefusal} */
export function requireModifiableRole(state: AccountState, input: JsonObject): RoleRecord {
  const role = requireRole(state, input);
  if (role.path.startsWith('/aws-service-role/') || role.path.startsWith('/aws-reserved/')) {
    throw new IamRefusal(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.roleName}' - this role is only modifiable by AWS`,
    );
  }
  return role;
}

/** What listings tell of a role: GetRole alone adds tags and boundary. */
export function listedRole(state: AccountState, role: RoleRecord): Role {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.arn,
    CreateDate: role.createDate,
    AssumeRolePolicyDocument: encodedTrustPolicy(state, role),
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.description === null ? {} : { Description: role.description }),
  };
}

/** An attached boundary in an answer; nothing where there is none. */
export function shownBoundary(role: RoleRecord): Pick<Role, 'PermissionsBoundary'> {
  return role.permissionsBoundary === null
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: role.permissionsBoundary,
        },
      };
}

function wholeRole(state: AccountState, role: RoleRecord): Role {
  return {
    ...listedRole(state, role),
    ...shownBoundary(role),
    ...(role.tags.size === 0 ? {} : { Tags: tagList(role.tags) }),
  };
}

function sessionDuration(input: JsonObject, unsaid: number): number {
  const seconds = optionalNumber(input, 'MaxSessionDuration') ?? unsaid;
  const value = String(seconds);
  if (seconds < hour) {
    throw failedConstraint('MaxSessionDuration', value, `have value greater than or equal to ${hour}`);
  }
  if (seconds > 12 * hour) {
    throw failedConstraint('MaxSessionDuration', value, `have value less than or equal to ${12 * hour}`);
  }
  return seconds;
}

function newRole(
  state: AccountState,
  input: JsonObject,
  context: OperationContext,
): Omit<RoleRecord, 'trustPolicy'> {
  const roleName = newName(input, 'RoleName', longestRoleName);
  if (state.roles.has(roleName.toLowerCase())) {
    throw new IamRefusal('EntityAlreadyExists', `Role with name ${roleName} already exists.`);
  }
  const path = newPath(input);
  const boundary = optionalText(input, 'PermissionsBoundary');
  if (boundary !== null) requireBoundary(state, boundary, context);
  return {
    roleName,
    path,
    arn: `arn:${context.partition}:iam::${context.accountId}:role${path}${roleName}`,
    roleId: context.newId('AROA'),
    createDate: context.now,
    description: optionalText(input, 'Description'),
    maxSessionDuration: sessionDuration(input, hour),
    attachedPolicies: [],
    inlinePolicies: new Map(),
    permissionsBoundary: boundary,
    tags: withTags(new Map(), input, 'Role'),
  };
}

const conflict = (what: string) =>
  new IamRefusal('DeleteConflict', `Cannot delete entity, must ${what} first.`);

function refuseDeletion(role: RoleRecord, state: AccountState): void {
  if (role.attachedPolicies.length > 0) throw conflict('detach all policies');
  if (role.inlinePolicies.size > 0) throw conflict('delete policies');
  const profiles = [...state.instanceProfiles.values()];
  if (profiles.some(({ roleName }) => roleName === role.roleName)) {
    throw conflict('remove roles from instance profile');
  }
}

export const roleOperations = {
  CreateRole: write((state, input, context) => {
    const draft = newRole(state, input, context);
    const accepted = acceptTrustPolicy(state, text(input, 'AssumeRolePolicyDocument'), context);
    const role: RoleRecord = { ...draft, trustPolicy: accepted.document };
    const created = withRole(addPrincipal(accepted.state, role.arn, role.roleId), role);
    return { state: created, output: { Role: wholeRole(created, role) } };
  }),

  GetRole: read((state, input) => ({ Role: wholeRole(state, requireRole(state, input)) })),

  ListRoles: read((state, input) => {
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const roles = [...state.roles.values()]
      .filter(({ path }) => path.startsWith(prefix))
      .sort((a, b) => byCodeUnit(a.roleName, b.roleName));
    const { items, rest } = pageOf(roles, input);
    return { Roles: items.map((role) => listedRole(state, role)), ...rest };
  }),

  DeleteRole: write((state, input) => {
    const role = requireModifiableRole(state, input);
    refuseDeletion(role, state);
    const roles = withoutEntry(state.roles, role.roleName.toLowerCase());
    return { state: dropPrincipal({ ...state, roles }, role.arn) };
  }),

  UpdateRole: write((state, input) => {
    const role = requireModifiableRole(state, input);
    const updated: RoleRecord = {
      ...role,
      description: optionalText(input, 'Description') ?? role.description,
      // Left out, it is not kept: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
      maxSessionDuration: sessionDuration(input, hour),
    };
    return { state: withRole(state, updated), output: {} };
  }),

  UpdateRoleDescription: write((state, input) => {
    const role = requireModifiableRole(state, input);
    const updated = withRole(state, { ...role, description: text(input, 'Description') });
    return { state: updated, output: { Role: wholeRole(updated, requireRole(updated, input)) } };
  }),

  UpdateAssumeRolePolicy: write((state, input, context) => {
    const role = requireModifiableRole(state, input);
    const accepted = acceptTrustPolicy(state, text(input, 'PolicyDocument'), context);
    return { state: withRole(accepted.state, { ...role, trustPolicy: accepted.document }) };
  }),

  TagRole: write((state, input) => {
    const role = requireModifiableRole(state, input);
    return { state: withRole(state, { ...role, tags: withTags(role.tags, input, 'Role') }) };
  }),

  UntagRole: write((state, input) => {
    const role = requireModifiableRole(state, input);
    return { state: withRole(state, { ...role, tags: withoutTags(role.tags, input) }) };
  }),

  ListRoleTags: read((state, input) => {
    const { items, rest } = pageOf(tagList(requireRole(state, input).tags), input);
    return { Tags: items, ...rest };
  }),
};
