import type { Change, DesiredRole, ObservedRole, Plan, ReconcileRequest, Verdict } from '../model.ts';
import type { RoleControls } from '../ports/controls.ts';
import type { KillSwitchState } from '../ports/kill-switch.ts';
import type { DriftMark, RoleState } from '../ports/role-state.ts';
import type { Suspects } from './suspect-spec.ts';
import type { GuardLimits } from './limits.ts';

/** What a guard may need to know beyond the role itself. Read only if some guard needs it, and there is drift. */
export interface GuardInputs {
  readonly killSwitch: KillSwitchState;
  readonly controls: RoleControls;
  /** The account's drifted roles, this one among them. */
  readonly driftMarks: readonly DriftMark[];
}

export type Need = keyof GuardInputs;

/** What every guard sees. */
export interface RoleContext {
  readonly request: ReconcileRequest;
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  /** As of this look: the drift at hand and all its causes are in it. */
  readonly state: RoleState;
  readonly suspects: Suspects;
  /** How many entries the spec has, and whether some are patterns. */
  readonly specSize: { readonly entries: number; readonly hasPatterns: boolean };
  readonly limits: GuardLimits;
  readonly now: Date;
}

export type GuardContext = RoleContext & Partial<GuardInputs>;

/** May this change be applied now? Pure: what it needs to know is handed in. */
export interface Guard {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly decide: (change: Change, plan: Plan, context: GuardContext) => Verdict;
}

/** Declares a guard; add it to the list in `index.ts`. `decide` sees what it said it needs, and nothing else. */
export function defineGuard<const N extends Need = never>(definition: {
  readonly name: string;
  readonly needs?: readonly N[];
  /** null where it has nothing against the change. */
  readonly hold: (change: Change, plan: Plan, context: RoleContext & Pick<GuardInputs, N>) => Hold | null;
  /** What a person should know of a change that it does not hold; null if nothing. */
  readonly remark?: (change: Change, context: RoleContext & Pick<GuardInputs, N>) => string | null;
}): Guard {
  const { name, needs = [], remark = noRemark } = definition;
  const isComplete = (context: GuardContext): context is GuardContext & Pick<GuardInputs, N> =>
    needs.every((need) => context[need] !== undefined);
  return {
    name,
    needs,
    decide: (change, plan, context) => {
      if (!isComplete(context))
        throw new TypeError(`the guard ${name} was asked before its inputs were read`);
      const hold = definition.hold(change, plan, context);
      return hold === null
        ? { decision: 'apply', remedy: remark(change, context) }
        : { dueAt: null, remedy: null, telling: 'now', ...hold, decision: 'hold', guard: name };
    },
  };
}

function noRemark(): null {
  return null;
}

/** Why a change must wait, and until when. Left out: `dueAt` and `remedy` null, told `now`. */
export type Hold = Pick<Extract<Verdict, { decision: 'hold' }>, 'reason'> &
  Partial<Omit<Extract<Verdict, { decision: 'hold' }>, 'decision' | 'guard' | 'reason'>>;

// The clocks of people's machines may be ahead of ours, by as much as AWS lets a signature be:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
const CLOCK_SKEW_MS = 5 * 60_000;

/** Whether an operator cannot have said it yet, so that somebody else has. */
export function isAhead(time: string, now: Date): boolean {
  return Date.parse(time) > now.getTime() + CLOCK_SKEW_MS;
}

/** The time so many milliseconds after another, as ISO 8601. */
export function after(time: string | Date, milliseconds: number): string {
  return new Date(new Date(time).getTime() + milliseconds).toISOString();
}
