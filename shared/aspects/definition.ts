import type { CreateRoleCommandInput, GetRoleCommandOutput } from '@aws-sdk/client-iam';
import type * as z from 'zod/mini';

import type {
  Difference,
  Effect,
  IamChangeEvent,
  Json,
  NotOursAlone,
  Partition,
  PlannedCall,
} from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import type { Wording } from './wording.ts';

/** IAM's answer to GetRole. */
export type IamRole = NonNullable<GetRoleCommandOutput['Role']>;

/** The role at hand, for the pure steps. */
export interface AspectContext {
  readonly accountId: string;
  readonly partition: Partition;
  readonly roleName: string;
}

export interface ObserveContext extends AspectContext {
  readonly clients: Clients;
  /** The role itself, read once however many aspects ask. */
  readonly getRole: () => Promise<IamRole>;
  /** Whether the spec declares a role of that name. */
  readonly isDeclared: (roleName: string) => boolean;
}

/** What a revert may know besides its difference: some calls write more than one thing. */
export interface RevertContext<Observed> extends AspectContext {
  /** All that the aspect observed. */
  readonly observed: Observed;
  /** By aspect: what is declared for this role and enforced, this aspect's own included. */
  readonly enforced: Readonly<Record<string, Json>>;
  /** For the summary: not all that is brought back was declared. */
  readonly wording: Wording;
}

/** A difference as an aspect finds it; the reconciler adds the aspect's name and mode. */
export type DifferenceDraft = Omit<
  Difference,
  'aspect' | 'mode' | 'leftBySpec' | 'forbidden' | 'advice' | 'severity'
> &
  Partial<Pick<Difference, 'leftBySpec' | 'forbidden' | 'advice' | 'severity'>>;

/** A change as an aspect proposes it. */
export interface ChangeDraft {
  readonly action: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly call: PlannedCall | null;
  readonly notOursAlone?: NotOursAlone;
  readonly isAlreadyInPlace?: (error: unknown) => boolean;
  /** A smaller change for when IAM refuses this one for good, and what that leaves undone. */
  readonly fallback?: (error: unknown) => { readonly draft: ChangeDraft; readonly remainder: string } | null;
}

/** Events that wake a role: the one that they name. */
export interface AspectTrigger<Declared> {
  /** Such as `iam.amazonaws.com`. */
  readonly eventSource: string;
  readonly eventNames: readonly string[];
  /** For events that name another role, or none: whether they concern a role that declares this. Pure. */
  readonly concerns?: (event: IamChangeEvent, declared: Declared) => boolean;
  /**
   * For events that name a policy of the account's own: whether they concern a role that declares this and has that policy
   * attached. IAM is asked which roles have it, so no more than must be. Pure.
   */
  readonly concernsHolder?: (event: IamChangeEvent, declared: Declared) => boolean;
}

/** Something wrong with a declaration that its schema cannot say. `path` leads from the aspect's key to the place. */
export interface DeclarationFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
}

/** Actions that are granted on something which is not the role: ARNs, which may hold `${AWS::…}` variables. */
export interface ReadGrant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Actions that are granted on the role's own ARN or on other `resources`, under IAM conditions: operator → key → values. */
export interface WriteGrant {
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What the manual says of an aspect, in the middle of a sentence. */
export interface AspectDocs {
  readonly watched: string;
  /** And why. */
  readonly neverReverted: string;
}

/** What CreateRole is told of a role besides its name and path. */
export type CreationInput = Partial<
  Pick<
    CreateRoleCommandInput,
    'AssumeRolePolicyDocument' | 'Description' | 'MaxSessionDuration' | 'PermissionsBoundary'
  >
>;

/** How an aspect is read. */
type Observing<Declared, Observed> =
  | {
      /** Reads only. Calls start at once, so that all aspects of a role are read in one round. */
      readonly observe: (context: ObserveContext, declared: Declared) => Promise<Observed>;
      /** Where GetRole alone tells it, but `observe` asks for more: what GetRole tells. */
      readonly inRole?: (role: IamRole) => Observed;
    }
  | {
      readonly observe?: never;
      /** GetRole alone tells it: it is seen where it is not declared, too. */
      readonly inRole: (role: IamRole) => Observed;
    };

/** What an aspect says of itself, in its own types. */
export type AspectDefinition<Declared, Observed> = Observing<Declared, Observed> & {
  /** Its key in the spec. */
  readonly name: string;
  readonly docs: AspectDocs;
  /** The declaration, as written in the spec. Also yields the JSON Schema for editors. */
  readonly schema: z.ZodMiniType<Declared>;
  /** What `observe` returns; also how a stored before-state is read back. */
  readonly observed: z.ZodMiniType<Observed>;
  readonly triggers: readonly AspectTrigger<Declared>[];
  /** Every IAM action that it calls: the function is granted these and no others. */
  readonly actions: { readonly observe: readonly string[]; readonly revert: readonly string[] };
  /**
   * The write grants of a role that declares this and enforces it. Left out: all of `actions.revert`, without condition.
   * The narrower, the less an intruder in the function can do.
   */
  readonly grants?: (declared: Declared) => readonly WriteGrant[];
  /** The read grants of what is neither the role nor a managed policy. Left out: there is nothing of the kind. */
  readonly readGrants?: (declared: Declared) => readonly ReadGrant[];
  /** How a role's own declaration and its preset's become one; left out, the role's own replaces the preset's. */
  readonly merge?: (preset: Declared, own: Declared) => Declared;
  /**
   * What a role that does not declare this declares all the same by its other aspects, given by name as they are declared;
   * null if nothing.
   */
  readonly implied?: (others: Readonly<Record<string, Json>>) => Declared | null;
  /** What IAM would refuse, or what cannot be meant. Strings in `declared` may hold `${AWS::…}` variables. */
  readonly faults?: (declared: Declared) => readonly DeclarationFault[];
  /**
   * What of this only one role can have, by names that ignore case: two roles that declare it would take it from one
   * another for ever. So no two may, nor may a pattern, which can stand for many roles.
   */
  readonly claims?: (declared: Declared) => readonly string[];
  /**
   * What of this lies outside of the role, by names that ignore case, and must be the same wherever it is declared: else
   * two roles would change it to and fro for ever.
   */
  readonly agreements?: (declared: Declared) => ReadonlyMap<string, Json>;
  /** Regions in which its events arise, where they do not all arise where IAM's do. */
  readonly regions?: (declared: Declared) => readonly string[];
  readonly diff: (
    declared: Declared,
    observed: Observed,
    context: AspectContext,
  ) => readonly DifferenceDraft[];
  /**
   * For what no declaration says, and is still news when it changes: how it differs from what was last seen. What is found
   * here is told once, so it must be left by the spec. Left out: what is not declared may change.
   */
  readonly changed?: (declared: Declared, before: Observed, observed: Observed) => readonly DifferenceDraft[];
  /** What of it is said already when a deleted role is created again: left out, nothing. */
  readonly atCreation?: (declared: Declared) => CreationInput;
  /**
   * What `observe` would find on a role that has just been created with `atCreation`, where nothing is missing but what went
   * with the deleted role. null where a role's deletion takes nothing of it away.
   */
  readonly whenCreated: (declared: Declared) => Observed | null;
  /**
   * The declaration that keeps the role as it was observed, so that an operator can have it back; it names nothing that was
   * not there. null where no declaration does.
   */
  readonly declare: (observed: Observed, context: AspectContext) => Declared | null;
  /**
   * The one change that reverts this difference. Pure: nothing is sent. Where one call reverts several differences, all
   * of them answer that same call, and it is sent once.
   */
  readonly revert: (
    difference: Difference,
    declared: Declared,
    context: RevertContext<Observed>,
  ) => ChangeDraft;
  /**
   * For what `revert` never takes away, or no declaration says to: how a rollback does, where this product itself has put it
   * on the role. Sent with an operator's own credentials alone, so its action is none of `actions`.
   */
  readonly takeAway?: (difference: Difference, context: AspectContext) => ChangeDraft;
};
