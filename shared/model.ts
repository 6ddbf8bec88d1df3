/**
 * The nouns of the product, in the order in which they flow. Read this first.
 *
 * event → IamChangeEvent → ReconcileRequest → (DesiredRole, ObservedRole) → Drift → Plan → AppliedChange → ReconcileReport
 *
 * Nothing here knows a single aspect of a role: aspects are a record by name, so that a new one is one file and one line.
 */
import type { Clients } from './ports/clients.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** AWS's own word for a family of regions: `aws`, `aws-cn`, `aws-us-gov`. */
export type Partition = string;

/** `enforce` reverts drift; `detect` only tells. Unsaid means detect: no write unless someone said enforce. */
export type Mode = 'enforce' | 'detect';

/** Which role, and nothing else. `roleName` is spelled as the source at hand spells it: IAM ignores case. */
export interface RoleRef {
  readonly accountId: string;
  readonly partition: Partition;
  readonly roleName: string;
}

// ── 1. What happened ─────────────────────────────────────────────────────────────────────────────────────────────

/** Who made the call, as CloudTrail tells it. All of it may be chosen by the attacker: show it escaped, decide nothing by it. */
export interface Actor {
  /** CloudTrail's `userIdentity.type`: `IAMUser`, `AssumedRole`, `Root`, `AWSService`, …; `Unknown` where it is missing. */
  readonly type: string;
  readonly arn: string | null;
  readonly accountId: string | null;
  readonly userName: string | null;
  readonly sessionName: string | null;
  /** The role (or user) whose session it is: `sessionContext.sessionIssuer.arn`. */
  readonly issuerArn: string | null;
  readonly accessKeyId: string | null;
  /** The AWS service that made the call for somebody, such as `cloudformation.amazonaws.com`. */
  readonly invokedBy: string | null;
  readonly sourceIpAddress: string | null;
  readonly userAgent: string | null;
  /** null where CloudTrail does not say. */
  readonly mfa: boolean | null;
}

/** One successful, mutating IAM call. */
export interface IamChangeEvent {
  readonly eventId: string;
  readonly eventName: string;
  /** `iam.amazonaws.com`. */
  readonly eventSource: string;
  /** ISO 8601, UTC; CloudTrail's resolution is one second. */
  readonly eventTime: string;
  readonly region: string;
  readonly partition: Partition;
  /** The account that was changed: CloudTrail's `recipientAccountId`, not the caller's. */
  readonly accountId: string;
  readonly actor: Actor;
  /** The role that the call names; null for calls on policies and the like. */
  readonly roleName: string | null;
  /** The policy that the call names; null if none. */
  readonly policyArn: string | null;
  /** As submitted. A hint for the embedded account, never compared with a spec. */
  readonly requestParameters: JsonObject;
}

/** An event as the cause of a reconciliation: what is told to people. */
export interface Cause {
  readonly eventId: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly region: string;
  readonly actor: Actor;
  /**
   * It created the role with a trust policy that lets in somebody who is not declared, or that nobody can tell of: he may have
   * a session by now. For the guards; reports do not have it.
   */
  readonly createdOpen?: true;
}

export type Trigger = 'event' | 'resync' | 'operator';

/** Look at this role. The causes are reported; they never choose a change. */
export interface ReconcileRequest {
  readonly role: RoleRef;
  readonly trigger: Trigger;
  readonly causes: readonly Cause[];
  /** How many delayed second looks have been taken for these causes (IAM's reads may be stale). */
  readonly recheck: number;
}

// ── 2. What is declared ──────────────────────────────────────────────────────────────────────────────────────────

/** An aspect's declaration, in the shape of that aspect's own schema. */
export interface DesiredAspect {
  readonly mode: Mode;
  readonly declared: Json;
}

/** One role's declaration, variables resolved for its account, preset expanded. */
export interface DesiredRole {
  readonly ref: RoleRef;
  /** The spec reaches the role by a pattern, and does not name it. */
  readonly isByPattern: boolean;
  readonly path: string;
  readonly mode: Mode;
  readonly aspects: Readonly<Record<string, DesiredAspect>>;
  /** Whether the same spec declares a role of that name. */
  readonly isDeclared: (roleName: string) => boolean;
  /** null where nobody is given grace. */
  readonly grace: Grace | null;
  /** null where it is left to people to create the role again once it is deleted. */
  readonly recreation: Recreation | null;
  /** By aspect, and `role` for the role itself: changed when the spec says something else about it. */
  readonly digests: Readonly<Record<string, string>>;
  readonly spec: SpecPosition;
}

/** Whose changes are not reverted at once, but looked at again after a while: the spec may be about to catch up. */
export interface Grace {
  /** Session issuers, as ARNs of roles. */
  readonly deployers: readonly string[];
  readonly minutes: number;
}

/** That a deleted role is created again, once a deployment that deletes and creates it has had the time to. */
export interface Recreation {
  readonly afterMinutes: number;
}

/** Where in the spec a role is declared. */
export interface SpecPosition {
  /** Digest of the whole spec, `sha256:…`. */
  readonly version: string;
  readonly file: string;
  readonly line: number;
}

// ── 3. What is there ─────────────────────────────────────────────────────────────────────────────────────────────

export interface ObservedRole {
  readonly ref: RoleRef;
  /** false: IAM knows no such role. */
  readonly exists: boolean;
  readonly arn: string | null;
  readonly roleId: string | null;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly path: string | null;
  /** By aspect name, in the shape of that aspect's `observed` schema. Only declared aspects are read. */
  readonly aspects: Readonly<Record<string, Json>>;
  /** In the same way: what the role itself tells of others. Never compared; it is what a deleted role is made again from. */
  readonly undeclared: Readonly<Record<string, Json>>;
}

// ── 4. How they differ ───────────────────────────────────────────────────────────────────────────────────────────

/** One piece of access. `principal` for trust (`AWS:arn:…`, `Service:ec2.amazonaws.com`), `resource` for what the role may do. */
export interface Access {
  readonly principal?: string;
  readonly resource?: string;
  readonly actions: readonly string[];
  /** operator → key → values; empty where the access is unconditional. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** The sentence that a person reads: "account 193672423079 can now assume this role". */
  readonly text: string;
}

/** What changed from the declaration to what is there. */
export interface AccessDelta {
  readonly gained: readonly Access[];
  readonly lost: readonly Access[];
}

/** CloudFormation's words. */
export type DriftStatus = 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED';

/** ADD: there but not declared (`expected` null). REMOVE: declared but not there (`actual` null). */
export type DifferenceType = 'ADD' | 'REMOVE' | 'NOT_EQUAL';

export interface Difference {
  readonly aspect: string;
  /** Such as `managedPolicies[arn:aws:iam::aws:policy/AdministratorAccess]`. */
  readonly path: string;
  readonly type: DifferenceType;
  readonly mode: Mode;
  readonly expected: Json;
  readonly actual: Json;
  readonly access: AccessDelta;
  /** Why the spec itself says to leave this difference in place; null where it is to be reverted. */
  readonly leftBySpec: string | null;
  /** The spec names this as what must never be: nobody is given grace for it. */
  readonly forbidden: boolean;
  /** What a person should know or do about it, beyond the revert; null if nothing. */
  readonly advice: string | null;
  /** How soon a person should look, where the aspect knows better than the access tells; else null. */
  readonly severity: Severity | null;
}

export interface Drift {
  readonly status: DriftStatus;
  readonly differences: readonly Difference[];
}

// ── 5. What is to be done ────────────────────────────────────────────────────────────────────────────────────────

/** An SDK command that has not been sent. Sending is `apply`'s privilege. */
export interface PlannedCall {
  readonly input: object;
  readonly send: (clients: Clients) => Promise<unknown>;
}

/** `closes`: takes access away. `restores`: gives it back. */
export type Effect = 'closes' | 'restores';

/** Reverts exactly one difference. */
export interface Change {
  readonly difference: Difference;
  readonly aspect: string;
  /** IAM's name for the call, such as `iam:UpdateAssumeRolePolicy`. */
  readonly action: string;
  /** Imperative, for people: "put the declared trust policy back". */
  readonly summary: string;
  readonly effect: Effect;
  /** null where no call can revert it: it is always held, with the reason in the difference. */
  readonly call: PlannedCall | null;
  /** null where it touches nothing but what is declared. */
  readonly notOursAlone: NotOursAlone | null;
  /** IAM's answers that mean "it is already so". */
  readonly isAlreadyInPlace: (error: unknown) => boolean;
  /** A smaller change to try when IAM refuses this one for good, and what it leaves undone; null if there is none. */
  readonly fallback: (error: unknown) => Fallback | null;
}

/** Why a change would reach others than declared roles, and what a person can do about it. */
export interface NotOursAlone {
  readonly reason: string;
  readonly remedy: string;
  /**
   * It may be closed all the same where it was as declared when the role was last in sync: that takes from the others only what
   * came since, and whoever makes a role of his one of them must not keep a door open.
   */
  readonly mayGoBack: boolean;
}

/** Part of a change, for when IAM will not take the whole. */
export interface Fallback {
  readonly change: Change;
  /** What stays undone, and when it will be done. */
  readonly remainder: string;
}

/** In order of application: what closes first. */
export interface Plan {
  readonly changes: readonly Change[];
}

/** A guard's word on one change. */
export type Verdict =
  | {
      readonly decision: 'apply';
      /** What a person should know or do about it all the same; null if nothing. */
      readonly remedy: string | null;
    }
  | {
      readonly decision: 'hold';
      readonly guard: string;
      readonly reason: string;
      /** When it will be looked at again, ISO 8601; null if only a person can release it. */
      readonly dueAt: string | null;
      /** What a person can do about it, a step each; null if nothing. */
      readonly remedy: string | readonly string[] | null;
      /**
       * Whether people are told of the hold: `now`; `later`, when more is known; or once for all roles that are held under
       * the same key.
       */
      readonly telling: 'now' | 'later' | { readonly once: string };
    };

export interface AdmittedChange {
  readonly change: Change;
  readonly verdict: Verdict;
}

export type ChangeOutcome = 'applied' | 'already-in-place' | 'held' | 'failed';

export interface AppliedChange {
  readonly change: Change;
  readonly outcome: ChangeOutcome;
  readonly heldBy: string | null;
  readonly reason: string | null;
  readonly dueAt: string | null;
  /** What a person can do about the hold, or should know of what was not held; null if nothing. */
  readonly remedy: string | readonly string[] | null;
  readonly error: string | null;
  /** True where the failure may pass by itself (throttling, access denied): the delivery goes back to the queue. */
  readonly retryable: boolean;
  /** When IAM acknowledged it, ISO 8601; null unless applied. */
  readonly appliedAt: string | null;
  /** The SDK's output; undefined unless applied. */
  readonly answer: unknown;
  /**
   * What has become of a difference that a crashed look had found and not put back: a later one has seen that it is gone, or
   * nobody has looked for it. null where no crash came in between.
   */
  readonly sinceCrash: 'gone' | 'unseen' | null;
}

// ── 6. What is told ──────────────────────────────────────────────────────────────────────────────────────────────

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'none';

export type ReportOutcome =
  | 'in-sync'
  | 'remediated'
  | 'partly-remediated'
  | 'failed'
  | 'held'
  | 'detected'
  | 'not-checked';

export interface ReportedDifference {
  readonly aspect: string;
  readonly path: string;
  readonly type: DifferenceType;
  readonly mode: Mode;
  readonly expected: Json;
  readonly actual: Json;
  readonly access: AccessDelta;
}

export interface ReportedChange {
  readonly aspect: string;
  readonly action: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly outcome: ChangeOutcome;
  readonly heldBy: string | null;
  readonly reason: string | null;
  readonly dueAt: string | null;
  readonly error: string | null;
}

/** What makes a deleted role again. */
export interface RecreationRecipe {
  /**
   * Which role it makes: as it was last seen in sync, but for what the spec says otherwise since; or, where it never was, as
   * it is declared.
   */
  readonly from: 'last-in-sync' | 'declaration';
  /** A shell script of AWS CLI calls. */
  readonly script: string;
  /** A CloudFormation template, in JSON; null where CloudFormation would fill something else into the role's texts. */
  readonly cloudFormation: string | null;
}

/** Public contract, schema version 1: what `--json` prints, the ledger keeps and the event bus carries. */
export interface ReconcileReport {
  readonly schemaVersion: '1';
  /** ULID; new for each report. */
  readonly id: string;
  /** Stable across redelivery of the same causes. */
  readonly incidentId: string;
  readonly time: string;
  readonly trigger: Trigger;
  /** null where the role is not declared. */
  readonly spec: SpecPosition | null;
  readonly role: { readonly accountId: string; readonly roleName: string; readonly arn: string | null };
  /** The foremost first: who let somebody in, or else has made what differs; the others in order of time. */
  readonly causes: readonly Cause[];
  readonly severity: Severity;
  readonly mode: Mode;
  readonly drift: { readonly status: DriftStatus; readonly differences: readonly ReportedDifference[] };
  readonly changes: readonly ReportedChange[];
  readonly outcome: ReportOutcome;
  readonly verified: boolean | null;
  /** When access was gained: from the first cause to the closing change. `to` is null while it stands. */
  readonly exposure: { readonly from: string; readonly to: string | null } | null;
  readonly nextSteps: readonly string[];
  /** Only in the report of a deleted role, and only where the role's trust policy is known. */
  readonly recreate?: RecreationRecipe;
  /** From the first cause to the last applied change, milliseconds; null if nothing was applied or no event caused it. */
  readonly eventToFixMs: number | null;
  readonly durationMs: number;
}
