import type { DesiredRole, Drift, ObservedRole, ReconcileRequest } from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import type { RoleState } from '../ports/role-state.ts';
import type { ReconcileDeps } from './reconcile.ts';

/** One look at a declared role. */
export interface Look {
  /** Of its report. */
  readonly id: string;
  readonly startedAt: Date;
  readonly request: ReconcileRequest;
  readonly desired: DesiredRole;
  readonly clients: Clients;
  readonly deps: ReconcileDeps;
}

/** What it saw. */
export interface Seen {
  readonly observed: ObservedRole;
  readonly drift: Drift;
  /** As it is stored. */
  readonly known: RoleState;
  /** With what this look has learnt of who the role is. */
  readonly state: RoleState;
}
