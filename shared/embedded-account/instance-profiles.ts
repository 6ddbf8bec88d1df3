import type { InstanceProfile } from '@aws-sdk/client-iam';

import type { JsonObject } from '../model.ts';
import { newName, newPath, text } from './input.ts';
import { pageOf } from './pagination.ts';
import { IamRefusal } from './refusal.ts';
import { listedRole, requireModifiableRole, requireRole } from './roles.ts';
import {
  byCodeUnit,
  read,
  withEntry,
  withoutEntry,
  write,
  type AccountState,
  type InstanceProfileRecord,
  type OperationContext,
  type RoleRecord,
} from './state.ts';

function requireProfile(state: AccountState, input: JsonObject): InstanceProfileRecord {
  const name = text(input, 'InstanceProfileName');
  const profile = state.instanceProfiles.get(name.toLowerCase());
  if (profile === undefined) {
    throw new IamRefusal('NoSuchEntity', `Instance Profile ${name} cannot be found.`);
  }
  return profile;
}

export function withProfile(state: AccountState, profile: InstanceProfileRecord): AccountState {
  const key = profile.instanceProfileName.toLowerCase();
  return { ...state, instanceProfiles: withEntry(state.instanceProfiles, key, profile) };
}

/** An instance profile that holds no role. */
export function newProfile(path: string, name: string, context: OperationContext): InstanceProfileRecord {
  return {
    instanceProfileName: name,
    path,
    arn: `arn:${context.partition}:iam::${context.accountId}:instance-profile${path}${name}`,
    instanceProfileId: context.newId('AIPA'),
    createDate: context.now,
    roleName: null,
  };
}

function shownProfile(state: AccountState, profile: InstanceProfileRecord): InstanceProfile {
  const role = profile.roleName === null ? undefined : state.roles.get(profile.roleName.toLowerCase());
  return {
    Path: profile.path,
    InstanceProfileName: profile.instanceProfileName,
    InstanceProfileId: profile.instanceProfileId,
    Arn: profile.arn,
    CreateDate: profile.createDate,
    Roles: role === undefined ? [] : [listedRole(state, role)],
  };
}

/** The instance profiles that hold a role, by name. */
export function profilesOf(state: AccountState, role: RoleRecord): readonly InstanceProfile[] {
  return [...state.instanceProfiles.values()]
    .filter(({ roleName }) => roleName === role.roleName)
    .sort((a, b) => byCodeUnit(a.instanceProfileName, b.instanceProfileName))
    .map((profile) => shownProfile(state, profile));
}

export const instanceProfileOperations = {
  CreateInstanceProfile: write((state, input, context) => {
    const name = newName(input, 'InstanceProfileName', 128);
    if (state.instanceProfiles.has(name.toLowerCase())) {
      throw new IamRefusal('EntityAlreadyExists', `Instance Profile ${name} already exists.`);
    }
    const profile = newProfile(newPath(input), name, context);
    return {
      state: withProfile(state, profile),
      output: { InstanceProfile: shownProfile(state, profile) },
    };
  }),

  GetInstanceProfile: read((state, input) => ({
    InstanceProfile: shownProfile(state, requireProfile(state, input)),
  })),

  DeleteInstanceProfile: write((state, input) => {
    const profile = requireProfile(state, input);
    if (profile.roleName !== null) {
      throw new IamRefusal(
        'DeleteConflict',
        'Cannot delete entity, must remove roles from instance profile first.',
      );
    }
    const key = profile.instanceProfileName.toLowerCase();
    return { state: { ...state, instanceProfiles: withoutEntry(state.instanceProfiles, key) } };
  }),

  AddRoleToInstanceProfile: write((state, input) => {
    const profile = requireProfile(state, input);
    const role = requireModifiableRole(state, input);
    if (profile.roleName !== null) {
      throw new IamRefusal('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
    }
    return { state: withProfile(state, { ...profile, roleName: role.roleName }) };
  }),

  RemoveRoleFromInstanceProfile: write((state, input) => {
    const profile = requireProfile(state, input);
    const role = requireModifiableRole(state, input);
    if (profile.roleName !== role.roleName) {
      throw new IamRefusal(
        'NoSuchEntity',
        `Role ${role.roleName} in Instance Profile ${profile.instanceProfileName} cannot be found.`,
      );
    }
    return { state: withProfile(state, { ...profile, roleName: null }) };
  }),

  ListInstanceProfilesForRole: read((state, input) => {
    const { items, rest } = pageOf(profilesOf(state, requireRole(state, input)), input);
    return { InstanceProfiles: items, ...rest };
  }),
};
