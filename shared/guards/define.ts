import type { Change, DesiredRole, ObservedRole, Plan, Verdict } from '../model.ts';

/** What guards may ask for. Read once per reconciliation, and only what some guard needs. */
export interface GuardContext {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  readonly now: Date;
}

/** May this change be applied now? Pure: what it needs to know is handed in. */
export interface Guard {
  readonly name: string;
  readonly decide: (change: Change, plan: Plan, context: GuardContext) => Verdict;
}
