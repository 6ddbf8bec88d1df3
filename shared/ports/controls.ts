import type { RoleRef } from '../model.ts';

/** Break-glass: the role is left as it is for a while. */
export interface Exemption {
  /** ISO 8601. */
  readonly at: string;
  /** ISO 8601; compared when it is read. */
  readonly until: string;
  readonly reason: string;
  /**
   * The name that the operator gave, and whose credentials the command line had: `ann (assumed-role/…/ann)`. CloudTrail records
   * by default that the role was assumed, and under which session's name; an item that is written it does not.
   */
  readonly by: string;
}

/** A role with a new unique id is taken for the declared one. */
export interface Approval {
  /** ISO 8601. */
  readonly at: string;
  readonly roleId: string;
  readonly by: string;
}

/** All drift of an account that began earlier is put back, however much it is. */
export interface Resume {
  /** ISO 8601. */
  readonly at: string;
  readonly incidentId: string;
  readonly by: string;
}

/** What operators have said about a role, and about its account. */
export interface RoleControls {
  readonly exemption: Exemption | null;
  readonly approval: Approval | null;
  /** The latest. */
  readonly resume: Resume | null;
}

/** What operators have said. The function reads it, and may not write it. */
export interface Controls {
  of(role: RoleRef): Promise<RoleControls>;
}

/** The operators' side. Every implementation passes `test/support/controls-contract.ts`. */
export interface OperatorControls extends Controls {
  exempt(role: RoleRef, exemption: Exemption): Promise<void>;
  approve(role: RoleRef, approval: Approval): Promise<void>;
  resume(accountId: string, resume: Resume): Promise<void>;
}
