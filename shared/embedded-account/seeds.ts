import type { Json, JsonObject } from '../model.ts';
import { awsManagedDocument, standInDocument } from './aws-managed-policies.ts';
import { withProvider } from './identity-providers.ts';
import { newProfile, withProfile } from './instance-profiles.ts';
import { withPolicy } from './policies.ts';
import { findPolicy, newPolicyRecord } from './policy-lookup.ts';
import {
  addPrincipal,
  bindPrincipals,
  dropPrincipal,
  isEntity,
  keepPrincipal,
  namedPrincipals,
  parsePrincipalArn,
} from './principals.ts';
import {
  byCodeUnit,
  withoutEntry,
  withRole,
  type AccountState,
  type IdentityProviderRecord,
  type OperationContext,
  type RoleRecord,
} from './state.ts';
import { newUser, withUser } from './users.ts';

/** How an account comes to be as it is without any call. Nothing here is validated: what is, is. */

export interface RoleSeed {
  readonly roleName: string;
  /** `/` unless said. */
  readonly path?: string;
  /** Made up unless said. */
  readonly roleId?: string;
  readonly createDate?: Date;
  readonly trustPolicy: Json;
  /** ARNs. */
  readonly managedPolicies?: readonly string[];
  /** Name → document. */
  readonly inlinePolicies?: Readonly<Record<string, Json>>;
  readonly description?: string | null;
  /** Seconds; an hour unless said. */
  readonly maxSessionDuration?: number;
  readonly permissionsBoundary?: string | null;
  readonly tags?: Readonly<Record<string, string>>;
  /** Names of the instance profiles that hold it. */
  readonly instanceProfiles?: readonly string[];
}

export type PolicySeed = { readonly document: Json } & (
  | { readonly arn: string }
  | { readonly policyName: string; readonly path?: string }
);

/** The role is there, in place of any of its name; its policies and the principals of its trust policy are too. */
export function seedRole(state: AccountState, seed: RoleSeed, context: OperationContext): AccountState {
  const { roleName, path = '/', managedPolicies = [], permissionsBoundary = null } = seed;
  const arn = `arn:${context.partition}:iam::${context.accountId}:role${path}${roleName}`;
  const roleId = seed.roleId ?? state.principals.idOf.get(arn) ?? context.newId('AROA');
  const named = permissionsBoundary === null ? managedPolicies : [...managedPolicies, permissionsBoundary];
  const withPolicies = named.reduce((seeded, policy) => ensurePolicy(seeded, policy, context), state);
  const replaced = state.roles.get(roleName.toLowerCase());
  const withoutOld =
    replaced === undefined || replaced.arn === arn ? withPolicies : dropPrincipal(withPolicies, replaced.arn);
  const withSelf = addPrincipal(withoutOld, arn, roleId);
  const withOthers = ensurePrincipals(withSelf, seed.trustPolicy, context);
  const bound = bindPrincipals(withOthers, seed.trustPolicy, context, keepPrincipal);
  const role: RoleRecord = {
    roleName,
    path,
    arn,
    roleId,
    createDate: seed.createDate ?? context.now,
    trustPolicy: bound.document,
    description: seed.description ?? null,
    maxSessionDuration: seed.maxSessionDuration ?? 3600,
    attachedPolicies: [...new Set(managedPolicies)].sort(byCodeUnit),
    inlinePolicies: new Map(
      Object.entries(seed.inlinePolicies ?? {}).map(([name, document]) => [name, JSON.stringify(document)]),
    ),
    permissionsBoundary,
    tags: new Map(Object.entries(seed.tags ?? {}).map(([Key, Value]) => [Key.toLowerCase(), { Key, Value }])),
  };
  return (seed.instanceProfiles ?? []).reduce(
    (seeded, name) => {
      const profile = seeded.instanceProfiles.get(name.toLowerCase());
      return withProfile(seeded, { ...(profile ?? newProfile('/', name, context)), roleName });
    },
    withRole(bound.state, role),
  );
}

/** The customer-managed policy is there, in place of any with its ARN, with this document as its only version. */
export function seedPolicy(state: AccountState, seed: PolicySeed, context: OperationContext): AccountState {
  const arn =
    'arn' in seed
      ? seed.arn
      : `arn:${context.partition}:iam::${context.accountId}:policy${seed.path ?? '/'}${seed.policyName}`;
  const id = state.policies.get(arn)?.policyId ?? context.newId('ANPA');
  return withPolicy(state, newPolicyRecord(arn, JSON.stringify(seed.document), id, context.now));
}

/** A managed policy with that ARN is there; one that nobody knows gets a stand-in document. */
export function ensurePolicy(state: AccountState, arn: string, context: OperationContext): AccountState {
  if (findPolicy(state, arn, context) !== null) return state;
  const document: JsonObject = arn.includes(':iam::aws:')
    ? awsManagedDocument(arn, context.partition)
    : standInDocument;
  return seedPolicy(state, { arn, document }, context);
}

/** A version of a policy that is not known gets a stand-in document. */
export function ensurePolicyVersion(
  state: AccountState,
  arn: string,
  versionId: string,
  context: OperationContext,
): AccountState {
  const policy = state.policies.get(arn);
  if (policy === undefined || policy.versions.some((version) => version.versionId === versionId))
    return state;
  const version = { versionId, text: JSON.stringify(standInDocument), createDate: context.now };
  const lastVersion = Math.max(policy.lastVersion, Number(versionId.slice(1)) || 0);
  return withPolicy(state, { ...policy, versions: [...policy.versions, version], lastVersion });
}

/** What is not said of one that is there stays as it is. */
export type IdentityProviderSeed = Pick<IdentityProviderRecord, 'arn'> & Partial<IdentityProviderRecord>;

export function seedProvider(
  state: AccountState,
  seed: IdentityProviderSeed,
  { now }: OperationContext,
): AccountState {
  const known = state.identityProviders.get(seed.arn);
  return withProvider(state, {
    clientIds: [],
    thumbprints: [],
    metadata: '',
    createDate: now,
    ...known,
    ...seed,
  });
}

/** A role of that name is there; of one that is made up, nothing is known but the name. */
export function ensureRole(state: AccountState, roleName: string, context: OperationContext): AccountState {
  return state.roles.has(roleName.toLowerCase())
    ? state
    : seedRole(state, { roleName, trustPolicy: standInTrust(context) }, context);
}

function ensureEntity(state: AccountState, arn: string, context: OperationContext): AccountState {
  const principal = parsePrincipalArn(arn);
  if (principal === null || !isEntity(principal) || principal.partition !== context.partition) return state;
  if (state.principals.idOf.has(arn)) return state;
  const prefix = principal.kind === 'role' ? 'AROA' : 'AIDA';
  if (principal.accountId !== context.accountId) {
    return state.principals.removed.has(arn) ? addPrincipal(state, arn, context.newId(prefix)) : state;
  }
  const { kind, path, name } = principal;
  const isTaken = (kind === 'role' ? state.roles : state.users).has(name.toLowerCase());
  // The name lives under another path: the ARN alone is made to exist.
  if (isTaken) return addPrincipal(state, arn, context.newId(prefix));
  return kind === 'role'
    ? seedRole(state, { roleName: name, path, trustPolicy: standInTrust(context) }, context)
    : withUser(state, newUser(path, name, context));
}

/** The trust policy of a role of which nothing is known but its name: its own account, as the console proposes. */
const standInTrust = ({ partition, accountId }: OperationContext): JsonObject => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: 'sts:AssumeRole',
    },
  ],
});

/** Every role and user that the trust policy names exists, with a new id where it had been removed. */
export function ensurePrincipals(
  state: AccountState,
  trustPolicy: Json,
  context: OperationContext,
): AccountState {
  return namedPrincipals(trustPolicy).reduce((seeded, arn) => ensureEntity(seeded, arn, context), state);
}

/** The role or user is deleted, whatever it still holds. */
export function removePrincipal(state: AccountState, arn: string): AccountState {
  const role = [...state.roles.values()].find((candidate) => candidate.arn === arn);
  const user = [...state.users.values()].find((candidate) => candidate.arn === arn);
  const rest: AccountState = {
    ...state,
    roles: role === undefined ? state.roles : withoutEntry(state.roles, role.roleName.toLowerCase()),
    users: user === undefined ? state.users : withoutEntry(state.users, user.userName.toLowerCase()),
  };
  return dropPrincipal(rest, arn);
}
