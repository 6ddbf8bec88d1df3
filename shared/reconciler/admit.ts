import type { Guard, GuardContext } from '../guards/define.ts';
import type { AdmittedChange, Change, Plan, Verdict } from '../model.ts';

/** Asks the spec, then each guard in order; the first to hold a change gives the reason. Pure. */
export function admit(
  plan: Plan,
  guards: readonly Guard[],
  context: GuardContext,
): readonly AdmittedChange[] {
  return plan.changes.map((change) => ({ change, verdict: verdictOn(change, plan, guards, context) }));
}

function verdictOn(change: Change, plan: Plan, guards: readonly Guard[], context: GuardContext): Verdict {
  const { leftBySpec } = change.difference;
  if (leftBySpec !== null)
    return {
      decision: 'hold',
      guard: 'spec',
      reason: leftBySpec,
      dueAt: null,
      remedy: null,
      telling: 'now',
    };
  let remedy: string | null = null;
  for (const guard of guards) {
    const verdict = guard.decide(change, plan, context);
    if (verdict.decision === 'hold') return verdict;
    remedy ??= verdict.remedy;
  }
  return { decision: 'apply', remedy };
}
