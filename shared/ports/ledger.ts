import type {
  AppliedChange,
  Cause,
  Change,
  Json,
  JsonObject,
  ReconcileReport,
  RoleRef,
  SpecPosition,
} from '../model.ts';

/** A difference that a look has found, and what was to be done about it. */
export interface FoundChange
  extends
    Pick<Change, 'difference' | 'action' | 'summary' | 'effect'>,
    Pick<AppliedChange, 'heldBy' | 'reason' | 'dueAt'> {
  /** The digest of the declaration from which it differed; null where none is known. */
  readonly declared: string | null;
}

/** What was there, and what is about to be done about it. */
export interface IncidentEntry {
  readonly incidentId: string;
  readonly role: RoleRef;
  readonly openedAt: string;
  readonly spec: SpecPosition;
  /** Who is told of. */
  readonly causes: readonly Cause[];
  /** The role's aspects as they were read before the first change. */
  readonly before: Readonly<Record<string, Json>>;
  /** What looks have found since people were last told of the incident, oldest first, no two alike. */
  readonly found: readonly FoundChange[];
  /** Each change of the plan: action, SDK input, effect. */
  readonly plan: readonly { readonly action: string; readonly effect: string; readonly input: JsonObject }[];
}

/** How one look at the role ended. */
export type IncidentResult = Pick<ReconcileReport, 'id' | 'time' | 'outcome' | 'changes' | 'recreate'>;

export interface Incident extends IncidentEntry {
  /** Of the latest look; null until it has ended: a crash left it open. */
  readonly report: ReconcileReport | null;
  /** Of all looks that have ended, oldest first: what one has put back is not in the report of the next. */
  readonly results: readonly IncidentResult[];
}

/**
 * The durable memory. Nothing is changed in IAM before `open` has returned, so a crash loses no incident.
 * Every implementation passes `test/support/ledger-contract.ts`.
 */
export interface Ledger {
  /**
   * Records an incident before its first change. Opening one that is there already keeps the first `before`, and no `found`:
   * a redelivery after a crash reads a half-reverted role, and what was there at first must not be lost.
   */
  open(entry: IncidentEntry): Promise<void>;
  /** Records how a look ended. The last report wins, and the results of all are kept. */
  close(incidentId: string, report: ReconcileReport): Promise<void>;
  /** The report with this id has been handed on: the incident is owed no more, unless it was opened or closed again since. */
  published(incidentId: string, reportId: string): Promise<void>;
  /**
   * The role's incidents of which nobody has been told: opened and never closed, or closed and the report not handed on.
   * A crash left them so. Oldest first. Costs next to nothing where there are none.
   */
  owed(role: Pick<RoleRef, 'accountId' | 'roleName'>): Promise<readonly Incident[]>;
  get(incidentId: string): Promise<Incident | null>;
  /** Newest first; of one role if given (its name ignores case). */
  list(role?: Pick<RoleRef, 'accountId' | 'roleName'>): Promise<readonly Incident[]>;
}
