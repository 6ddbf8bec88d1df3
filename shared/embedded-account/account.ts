import type { Json } from '../model.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { removeCluster, seedAssociation, ensureCluster, type AssociationSeed } from './eks-seeds.ts';
import { applyEvent, type Applied, type RecordedCall } from './apply-event.ts';
import type { CallHandler, EmbeddedCall } from './call-handler.ts';
import type { Fault } from './faults.ts';
import { loadDetails } from './load-details.ts';
import {
  ensurePolicy,
  ensurePrincipals,
  removePrincipal,
  seedPolicy,
  seedProvider,
  seedRole,
  type IdentityProviderSeed,
  type PolicySeed,
  type RoleSeed,
} from './seeds.ts';
import {
  byCodeUnit,
  type AccountState,
  type AssociationRecord,
  type Quotas,
  type RoleRecord,
} from './state.ts';
import type { AccountStore } from './store.ts';
import { shownTrustPolicy } from './trust-policy.ts';

/** A role as it is now, whatever reads are made to show. */
export interface EmbeddedRole {
  readonly roleName: string;
  readonly path: string;
  readonly arn: string;
  readonly roleId: string;
  /** As IAM would show it, decoded. */
  readonly trustPolicy: Json;
  /** ARNs, sorted. */
  readonly managedPolicies: readonly string[];
  /** Name → document. */
  readonly inlinePolicies: Readonly<Record<string, Json>>;
  readonly description: string | null;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly permissionsBoundary: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** An AWS account's IAM on loopback: what an unmodified AWS client talks to. */
export interface EmbeddedAccount {
  readonly accountId: string;
  readonly partition: string;
  /** Such as `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  /** Every API call, in the order of arrival. */
  readonly calls: readonly EmbeddedCall[];

  /** The role of that name, ignoring case; null if there is none. */
  role(roleName: string): EmbeddedRole | null;
  /** By name. */
  roles(): readonly EmbeddedRole[];

  /**
   * The role is there, in place of any of its name, with the policies and principals that it names. As with everything
   * that is set here and not called: no call is logged, nothing is validated, and stale reads see it too.
   */
  createRole(role: RoleSeed): void;
  /** The managed policy is there, in place of any with its ARN. */
  createPolicy(policy: PolicySeed): void;
  /** A managed policy with that ARN is there, with a stand-in document if it is not known. */
  ensurePolicy(arn: string): void;
  /** Every role and user that the trust policy names is there (again). */
  ensurePrincipals(trustPolicy: Json): void;
  /** The OIDC or SAML provider is there; what is not said of it stays as it was. */
  createIdentityProvider(provider: IdentityProviderSeed): void;
  /** The EKS cluster is there; in `us-east-1` unless said. */
  createCluster(clusterName: string, region?: string): void;
  /** The cluster is gone, and all associations in it. */
  removeCluster(clusterName: string, region?: string): void;
  /** The Pod Identity association is there, in place of any for its service account, and its cluster too. */
  createAssociation(association: AssociationSeed): void;
  /** All Pod Identity associations, in the order of their ids. */
  associations(): readonly AssociationRecord[];
  /**
   * The role or user is deleted, in this account or another: trust policies show its unique id, and naming it is refused.
   * A principal of another account exists until it is removed.
   */
  removePrincipal(arn: string): void;
  /**
   * What `aws iam get-account-authorization-details` prints; documents may be objects or percent-encoded text.
   * @throws {Error} where it is not that, or of another account
   */
  loadAuthorizationDetails(json: unknown): void;

  /** Does what a recorded call did. Policies and principals that it names are made to exist first: the record proves it. */
  apply(event: RecordedCall): Applied;

  /** Makes a call, or several, go wrong. */
  inject(fault: Fault): void;
  clearFaults(): void;
  /** Every call waits that long, by the account's clock, before it is done. */
  setLatency(milliseconds: number): void;
  /** Reads show the state of that long ago, by the account's clock. Set it before the changes that it shall hide. */
  setStaleness(milliseconds: number): void;
  setQuota(name: keyof Quotas, value: number): void;
  close(): Promise<void>;
}

function toEmbeddedRole(state: AccountState, role: RoleRecord): EmbeddedRole {
  return {
    roleName: role.roleName,
    path: role.path,
    arn: role.arn,
    roleId: role.roleId,
    trustPolicy: shownTrustPolicy(state, role),
    managedPolicies: role.attachedPolicies,
    inlinePolicies: Object.fromEntries(
      [...role.inlinePolicies].map(([name, text]) => [name, parsePolicyText(text)]),
    ),
    description: role.description,
    maxSessionDuration: role.maxSessionDuration,
    permissionsBoundary: role.permissionsBoundary,
    tags: Object.fromEntries([...role.tags.values()].map(({ Key, Value }) => [Key, Value])),
  };
}

/** The account as its owner sees it. */
export function accountOver(
  store: AccountStore,
  handler: CallHandler,
  connection: Pick<EmbeddedAccount, 'endpoint' | 'close'>,
): EmbeddedAccount {
  return {
    ...store.place,
    ...connection,
    calls: handler.calls,
    role(roleName) {
      const role = store.current.roles.get(roleName.toLowerCase());
      return role === undefined ? null : toEmbeddedRole(store.current, role);
    },
    roles: () =>
      [...store.current.roles.values()]
        .sort((a, b) => byCodeUnit(a.roleName, b.roleName))
        .map((role) => toEmbeddedRole(store.current, role)),
    createRole: (role) => store.seed((state, context) => seedRole(state, role, context)),
    createPolicy: (policy) => store.seed((state, context) => seedPolicy(state, policy, context)),
    ensurePolicy: (arn) => store.seed((state, context) => ensurePolicy(state, arn, context)),
    ensurePrincipals: (trustPolicy) =>
      store.seed((state, context) => ensurePrincipals(state, trustPolicy, context)),
    createIdentityProvider: (provider) =>
      store.seed((state, context) => seedProvider(state, provider, context)),
    createCluster: (clusterName, region = 'us-east-1') =>
      store.seed((state) => ensureCluster(state, clusterName, region)),
    removeCluster: (clusterName, region = 'us-east-1') =>
      store.seed((state) => removeCluster(state, clusterName, region)),
    createAssociation: (association) =>
      store.seed((state, context) => seedAssociation(state, association, context)),
    associations: () =>
      [...store.current.associations.values()].sort((a, b) => byCodeUnit(a.associationId, b.associationId)),
    removePrincipal: (arn) => store.seed((state) => removePrincipal(state, arn)),
    loadAuthorizationDetails: (json) => store.seed((state, context) => loadDetails(state, json, context)),
    apply: (event) => applyEvent(store, event),
    inject: (fault) => handler.faults.inject(fault),
    clearFaults: () => handler.faults.clear(),
    setLatency: (milliseconds) => {
      handler.latencyMs = milliseconds;
    },
    setStaleness: (milliseconds) => store.setStaleness(milliseconds),
    setQuota: (name, value) => store.setQuota(name, value),
  };
}
