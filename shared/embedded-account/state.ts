import type { Json, JsonObject } from '../model.ts';

/** A role as IAM keeps it. */
export interface RoleRecord {
  readonly roleName: string;
  readonly path: string;
  readonly arn: string;
  readonly roleId: string;
  readonly createDate: Date;
  /** Principals of kind role and user stand here by their unique id, as in IAM. */
  readonly trustPolicy: Json;
  readonly description: string | null;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** ARNs, sorted. */
  readonly attachedPolicies: readonly string[];
  /** Name → text, as it was put. */
  readonly inlinePolicies: ReadonlyMap<string, string>;
  readonly permissionsBoundary: string | null;
  readonly tags: Tags;
}

/** By the key in lower case: IAM keeps the case of tag keys but tells them apart ignoring it. */
export type Tags = ReadonlyMap<string, { readonly Key: string; readonly Value: string }>;

export interface PolicyVersionRecord {
  readonly versionId: string;
  /** As it was put. */
  readonly text: string;
  readonly createDate: Date;
}

export interface PolicyRecord {
  readonly arn: string;
  readonly policyName: string;
  readonly policyId: string;
  readonly path: string;
  readonly description: string | null;
  readonly createDate: Date;
  readonly updateDate: Date;
  readonly tags: Tags;
  /** Oldest first. */
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersionId: string;
  /** Version numbers are never used twice. */
  readonly lastVersion: number;
}

export interface UserRecord {
  readonly userName: string;
  readonly path: string;
  readonly arn: string;
  readonly userId: string;
  readonly createDate: Date;
}

export interface InstanceProfileRecord {
  readonly instanceProfileName: string;
  readonly path: string;
  readonly arn: string;
  readonly instanceProfileId: string;
  readonly createDate: Date;
  /** An instance profile holds one role at most. */
  readonly roleName: string | null;
}

/** An OIDC or SAML provider; what does not apply to its kind is empty. */
export interface IdentityProviderRecord {
  readonly arn: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly metadata: string;
  readonly createDate: Date;
}

/** An EKS Pod Identity association. */
export interface AssociationRecord {
  readonly region: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly associationId: string;
  readonly roleArn: string;
  readonly targetRoleArn: string | null;
  /** Only beside a target role. */
  readonly externalId: string | null;
  readonly disableSessionTags: boolean;
  /** As it was put. */
  readonly policy: string | null;
  /** The add-on that it belongs to. */
  readonly ownerArn: string | null;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** Roles and users that trust policies may name, of this account and of others. */
export interface Principals {
  readonly idOf: ReadonlyMap<string, string>;
  /** Only of those that exist: an id that is not here belongs to a deleted principal. */
  readonly arnOf: ReadonlyMap<string, string>;
  /** Principals of other accounts exist unless they are here. */
  readonly removed: ReadonlySet<string>;
}

/** The whole account at one instant. Never changed in place: a refused call leaves it as it was, and the past can be read. */
export interface AccountState {
  /** By name in lower case, as with every name of IAM. */
  readonly roles: ReadonlyMap<string, RoleRecord>;
  readonly users: ReadonlyMap<string, UserRecord>;
  readonly instanceProfiles: ReadonlyMap<string, InstanceProfileRecord>;
  /** By ARN; AWS managed policies only where they are unlike those that AWS publishes. */
  readonly policies: ReadonlyMap<string, PolicyRecord>;
  readonly principals: Principals;
  /** By ARN. */
  readonly identityProviders: ReadonlyMap<string, IdentityProviderRecord>;
  /** EKS clusters, as `region/name`. */
  readonly clusters: ReadonlySet<string>;
  /** By id. */
  readonly associations: ReadonlyMap<string, AssociationRecord>;
}

export const emptyState: AccountState = {
  roles: new Map(),
  users: new Map(),
  instanceProfiles: new Map(),
  policies: new Map(),
  principals: { idOf: new Map(), arnOf: new Map(), removed: new Set() },
  identityProviders: new Map(),
  clusters: new Set(),
  associations: new Map(),
};

/** IAM's quotas, as far as they are kept here. */
export interface Quotas {
  readonly PoliciesPerRole: number;
  /** Characters of a trust policy, white space not counted. */
  readonly ACLSizePerRole: number;
}

/** Which account it is. */
export interface Place {
  readonly accountId: string;
  readonly partition: string;
}

/** What an operation may know besides the state and its input. */
export interface OperationContext extends Place {
  readonly quotas: Quotas;
  /** Whose endpoint was called. */
  readonly region: string;
  readonly now: Date;
  /** A unique id, such as `AROA…` for the prefix `AROA`. */
  readonly newId: (prefix: string) => string;
}

export type Operation =
  | {
      readonly kind: 'read';
      readonly run: (state: AccountState, input: JsonObject, context: OperationContext) => object;
    }
  | {
      readonly kind: 'write';
      readonly run: (
        state: AccountState,
        input: JsonObject,
        context: OperationContext,
      ) => { readonly state: AccountState; readonly output?: object };
    };

type Run<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>['run'];

/** An operation that only looks; it may see a stale state. */
export const read = (run: Run<'read'>): Operation => ({ kind: 'read', run });

/** An operation that changes the account, or throws and changes nothing. */
export const write = (run: Run<'write'>): Operation => ({ kind: 'write', run });

export function withEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): Map<Key, Value> {
  return new Map(map).set(key, value);
}

export function withoutEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Map<Key, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

export function withRole(state: AccountState, role: RoleRecord): AccountState {
  return { ...state, roles: withEntry(state.roles, role.roleName.toLowerCase(), role) };
}

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
