import type { AppliedChange, ReconcileReport } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';
import { dueLook } from './due-look.ts';
import type { Look } from './look.ts';
import { secondLook } from './second-look.ts';

/** Has the role looked at once more where a read may have been stale. */
export async function askForSecondLook({ request, deps }: Look, report: ReconcileReport): Promise<void> {
  const again = secondLook(request, report, deps.clock.now());
  if (again !== null) await deps.recheckQueue.schedule(again.request, again.delaySeconds);
}

/**
 * Has the role looked at when a hold is due. Answers for when that is, ISO 8601; null if nothing is held until a time. To be
 * stored after it was asked for: a crash in between asks twice.
 */
export async function askForDueLook(
  { request, deps }: Look,
  applied: readonly AppliedChange[],
  { role, lookAt }: RoleState,
): Promise<string | null> {
  const due = dueLook(applied, lookAt, deps.clock.now());
  if (due !== null && due.delaySeconds !== null)
    await deps.recheckQueue.schedule(
      { role, trigger: request.trigger, causes: [], recheck: 0 },
      due.delaySeconds,
    );
  return due?.at ?? null;
}
