import { newProfile, withProfile } from './instance-profiles.ts';
import { withPolicy } from './policies.ts';
import { withoutEntry, withRole, type AccountState, type OperationContext } from './state.ts';

/** What must have been so before a call, given that it succeeded. */

/** The policy can be deleted: nothing uses it, and it has no version but the one in force. */
export function ensureDeletablePolicy(state: AccountState, arn: string): AccountState {
  const policy = state.policies.get(arn);
  if (policy === undefined) return state;
  const versions = policy.versions.filter(({ versionId }) => versionId === policy.defaultVersionId);
  return [...state.roles.values()]
    .filter((role) => role.attachedPolicies.includes(arn) || role.permissionsBoundary === arn)
    .map((role) => ({
      ...role,
      attachedPolicies: role.attachedPolicies.filter((attached) => attached !== arn),
      permissionsBoundary: role.permissionsBoundary === arn ? null : role.permissionsBoundary,
    }))
    .reduce(withRole, withPolicy(state, { ...policy, versions }));
}

/** No policy of that name is there, whatever its path, and so nothing uses one. */
export function ensureNoPolicy(
  state: AccountState,
  policyName: string,
  context: OperationContext,
): AccountState {
  const own = `arn:${context.partition}:iam::${context.accountId}:policy/`;
  const arn = [...state.policies.keys()].find(
    (one) => one.startsWith(own) && one.toLowerCase().endsWith(`/${policyName.toLowerCase()}`),
  );
  if (arn === undefined) return state;
  const unused = ensureDeletablePolicy(state, arn);
  return { ...unused, policies: withoutEntry(unused.policies, arn) };
}

/** An instance profile of that name is there. */
export function ensureProfile(state: AccountState, name: string, context: OperationContext): AccountState {
  if (state.instanceProfiles.has(name.toLowerCase())) return state;
  return withProfile(state, newProfile('/', name, context));
}

/** An instance profile of that name is there, and holds no role. */
export function ensureEmptyProfile(
  state: AccountState,
  name: string,
  context: OperationContext,
): AccountState {
  const ensured = ensureProfile(state, name, context);
  const profile = ensured.instanceProfiles.get(name.toLowerCase());
  return profile === undefined ? ensured : withProfile(ensured, { ...profile, roleName: null });
}

/** The role can be deleted: nothing is attached to it or written into it, and no instance profile holds it. */
export function ensureDeletableRole(state: AccountState, roleName: string): AccountState {
  const role = state.roles.get(roleName.toLowerCase());
  if (role === undefined) return state;
  const bare = withRole(state, { ...role, attachedPolicies: [], inlinePolicies: new Map() });
  return [...bare.instanceProfiles.values()]
    .filter((profile) => profile.roleName === role.roleName)
    .reduce((emptied, profile) => withProfile(emptied, { ...profile, roleName: null }), bare);
}
