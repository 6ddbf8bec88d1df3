import type { Cause, Effect, Json, RoleRef } from '../model.ts';

/** A difference that is not settled yet: from the first look that found it to the one that finds the role in sync. */
export interface OpenDrift {
  readonly incidentId: string;
  /** ISO 8601. */
  readonly since: string;
  /**
   * The causes since the role was last in sync, oldest first. Beyond `MOST_CAUSES` some are dropped: of those that may have made
   * what differs the first are kept, and the latest.
   */
  readonly causes: readonly Cause[];
  /** Something is still to be done about it. What the spec leaves, or only tells, is not. */
  readonly isPending: boolean;
  /** Some of it was held because too many roles had drifted. */
  readonly isHeldAsMany: boolean;
  /** What people know is left of it, a digest for each change; null if nothing was told yet. */
  readonly told: readonly string[] | null;
  /** Since when, ISO 8601, and by which version of the spec some of it may be the spec's fault; null if none may. */
  readonly suspect: { readonly since: string; readonly spec: string } | null;
}

/** One time that one difference was put back. */
export interface Revert {
  /** The event that it answered, or the report where there was none: a redelivery is no second revert. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** Of the difference. */
  readonly path: string;
  readonly effect: Effect;
}

/** A role by its aspects, each as it was last seen with nothing to put back. */
export interface LastInSync {
  readonly path: string;
  /** As observed, by aspect: the declared ones, and what the role itself told of others. */
  readonly aspects: Readonly<Record<string, Json>>;
}

/** What people have been told of a role since it was last calm: nobody has put anything of it back for some hours. */
export interface ToldLately {
  /** With whom there is a fight over it; the oldest are dropped. */
  readonly fights: readonly string[];
  /** Digests of the differences that they were told of; the oldest are dropped. */
  readonly differences: readonly string[];
}

export const nothingTold: ToldLately = { fights: [], differences: [] };

/** What is remembered of a role from one look to the next. */
export interface RoleState {
  readonly role: RoleRef;
  /** Of the stored state; 0 if nothing is stored. */
  readonly revision: number;
  /** The unique id that the role had when it was first seen, or that we gave or an operator approved since. */
  readonly roleId: string | null;
  /** Another role's unique id, seen under the same name and not approved. */
  readonly strangerId: string | null;
  /** It is a stranger only because nobody has told yet how it was created. */
  readonly awaitsCreation: boolean;
  /** When we were last about to create the role, ISO 8601; null once it is known that we did, or if we never were. */
  readonly creatingSince: string | null;
  /**
   * By aspect, the digest of the declaration that was last carried out: found so, done, or left to people. null if none ever
   * was.
   */
  readonly carriedOut: Readonly<Record<string, string>> | null;
  readonly drift: OpenDrift | null;
  /** The latest, oldest first. */
  readonly reverts: readonly Revert[];
  readonly toldLately: ToldLately;
  /** By aspect: what was there at the last look that told, or had nothing to tell. Only of aspects that are remembered. */
  readonly lastSeen: Readonly<Record<string, Json>>;
  /** null if nothing of the role ever was as declared. */
  readonly lastInSync: LastInSync | null;
  /**
   * Until then one of our functions is changing the role, or tells of it, unless it has died: whoever has done so stores the
   * state without it. ISO 8601, null if none is.
   */
  readonly busyUntil: string | null;
  /** For when the next delayed look is asked for, ISO 8601; null if none. */
  readonly lookAt: string | null;
}

/** That a role has drifted, for counting how many have. */
export interface DriftMark {
  readonly role: RoleRef;
  /** Since when, ISO 8601; where the spec may be at fault, since when it may. */
  readonly since: string;
  /** The version of the spec by which it has drifted. */
  readonly spec: string;
  /** What the spec says about the role has changed since it was last carried out, or never was true of it. */
  readonly isSuspect: boolean;
  /** When a door was closed there that somebody had opened in what may be the spec's fault, too, ISO 8601; null if none was. */
  readonly doorClosedAt: string | null;
  /** What is to be done about it, in words. */
  readonly plan: readonly string[];
  /** Not put back, because too many have drifted. */
  readonly isHeld: boolean;
  /** Nobody knows whose role it is. */
  readonly isStranger: boolean;
}

/** So many causes of one drift are remembered. */
export const MOST_CAUSES = 50;

/**
 * What is remembered between looks at roles; losing it loses caution, never a revert. Names of roles ignore case.
 * Every implementation passes `test/support/role-states-contract.ts`.
 */
export interface RoleStates {
  /** A state with revision 0 where nothing is stored. */
  get(role: RoleRef): Promise<RoleState>;
  /** Stores it with the next revision, unless somebody else has stored one since it was read: then answers false. */
  put(state: RoleState): Promise<boolean>;
  mark(mark: DriftMark): Promise<void>;
  marks(accountId: string): Promise<readonly DriftMark[]>;
  /** Who tells for all: the incident that asked first under this key. */
  spokesman(accountId: string, key: string, incidentId: string): Promise<string>;
  /** Since when the roles of the account are known, ISO 8601; null before the first resync. */
  knownSince(accountId: string): Promise<string | null>;
  /** Keeps the first time that was given. */
  startKnowing(accountId: string, at: string): Promise<void>;
}

/** Of a role that has never been looked at. */
export function unknownRole(role: RoleRef): RoleState {
  return {
    role,
    revision: 0,
    roleId: null,
    strangerId: null,
    awaitsCreation: false,
    creatingSince: null,
    carriedOut: null,
    drift: null,
    reverts: [],
    toldLately: nothingTold,
    lastSeen: {},
    lastInSync: null,
    busyUntil: null,
    lookAt: null,
  };
}
