import type { Guard, GuardContext, GuardInputs, Need, RoleContext } from '../guards/define.ts';
import type { Plan } from '../model.ts';
import type { Controls } from '../ports/controls.ts';
import type { KillSwitch } from '../ports/kill-switch.ts';
import type { DriftMark, RoleStates } from '../ports/role-state.ts';
import { admit } from './admit.ts';

/** Where the guards' inputs come from. */
export interface ContextSources {
  readonly roleStates: RoleStates;
  readonly controls: Controls;
  readonly killSwitch: KillSwitch;
}

/**
 * Reads what the guards say they need, together, and nothing where none of them will be asked: what is held already needs
 * no reading. Throws what cannot be read; nobody guesses then, the queue tries again.
 */
export async function observeContext(
  plan: Plan,
  guards: readonly Guard[],
  context: RoleContext,
  sources: ContextSources,
): Promise<GuardContext> {
  const first = guards.findIndex(({ needs }) => needs.length > 0);
  const needless = first < 0 ? guards : guards.slice(0, first);
  if (admit(plan, needless, context).every(({ verdict }) => verdict.decision === 'hold')) return context;
  const readers = readersFor(plan, context, sources);
  const needs = new Set(guards.flatMap((guard) => guard.needs));
  const inputs = await Promise.all([...needs].map((need) => readers[need]()));
  return inputs.reduce<GuardContext>((known, input) => ({ ...known, ...input }), context);
}

type Readers = { readonly [N in Need]: () => Promise<Pick<GuardInputs, N>> };

function readersFor(
  plan: Plan,
  context: RoleContext,
  { roleStates, controls, killSwitch }: ContextSources,
): Readers {
  const { ref } = context.observed;
  return {
    killSwitch: async () => ({ killSwitch: await killSwitch.read() }),
    controls: async () => ({ controls: await controls.of(ref) }),
    driftMarks: async () => {
      // Marked before it is counted: of many at once, the one that is one too many sees all the others.
      await roleStates.mark(markOf(plan, context));
      return { driftMarks: await roleStates.marks(ref.accountId) };
    },
  };
}

/** How this role is counted among those that have drifted. */
export function markOf(
  plan: Plan,
  {
    observed,
    desired,
    suspects,
    state,
    now,
  }: Pick<RoleContext, 'observed' | 'desired' | 'suspects' | 'state' | 'now'>,
): DriftMark {
  return {
    role: observed.ref,
    since: state.drift?.suspect?.since ?? state.drift?.since ?? now.toISOString(),
    spec: desired.spec.version,
    isSuspect: suspects.paths.size > 0,
    doorClosedAt: null,
    plan: plan.changes.map(({ summary }) => summary),
    isHeld: state.drift?.isHeldAsMany ?? false,
    isStranger: observed.roleId !== null && observed.roleId === state.strangerId,
  };
}
