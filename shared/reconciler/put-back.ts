import { guards } from '../guards/index.ts';
import { usualLimits } from '../guards/limits.ts';
import type { AppliedChange, ReconcileReport } from '../model.ts';
import type { Incident, IncidentEntry, Ledger } from '../ports/ledger.ts';
import type { RoleState } from '../ports/role-state.ts';
import { isPattern } from '../spec/role-name-pattern.ts';
import type { Spec } from '../spec/spec.ts';
import { admit } from './admit.ts';
import { applyPlan } from './apply.ts';
import { markOf, observeContext } from './context.ts';
import { whileBusy } from './busy.ts';
import { withDrift } from './drift-so-far.ts';
import { dueLook } from './due-look.ts';
import { sortedCauses } from './identifiers.ts';
import { incidentEntry } from './incident-entry.ts';
import type { Look, Seen } from './look.ts';
import { isNews, isSpokenFor } from './news.ts';
import { planChanges } from './plan.ts';
import { withPutBackBefore } from './put-back-before.ts';
import { beforeCreation, withApproval, withCreated } from './recognise.ts';
import type { Reconciled } from './reconcile.ts';
import { recreationRecipe } from './recreation-recipe.ts';
import { afterDrift, isHeldAsMany } from './remember.ts';
import { report } from './report.ts';
import { secondLook } from './second-look.ts';
import { verify } from './verify.ts';

/**
 * The role has drifted: what the guards admit is put back, written down before, read again after.
 * null where another function was quicker, and the role is to be looked at afresh.
 */
export async function putBack(
  task: Look,
  { observed, drift, known, state }: Seen,
): Promise<Reconciled | null> {
  const { id, startedAt, request, desired, clients, deps } = task;
  const { clock, ledger, roleStates, limits = usualLimits } = deps;
  const now = clock.now();
  const drifting = withDrift(state, request, observed, { seed: id, now });
  const { incidentId, causes } = drifting.drift;
  const plan = planChanges(desired, observed, drift);
  const asRole = { request, desired, observed, state: drifting, specSize: sizeOf(deps.spec), limits, now };
  const context = await observeContext(plan, guards, asRole, deps);
  const admitted = admit(plan, guards, context);
  const drifted = beforeCreation(drifting, admitted, now);
  const writes = admitted.some(({ verdict }) => verdict.decision === 'apply');
  const entry = incidentEntry(
    { incidentId, request: { ...request, causes }, desired, observed, admitted },
    now,
  );
  const crashed = known.drift?.incidentId === incidentId ? await untold(entry, ledger) : null;
  // Written down before anything is changed: a crash from here on loses neither the incident nor what was there.
  if (writes) {
    if (!(await roleStates.put(whileBusy(drifted, now)))) return null;
    await ledger.open(entry);
  }
  const applied = await applyPlan(admitted, clients, clock);
  const verified = await verify(applied, desired, clients, clock);

  const input = {
    id,
    incidentId,
    // A look that no event asked for is due to those before it.
    request: request.causes.length > 0 ? request : { ...request, causes },
    desired,
    observed,
    drift,
    applied,
    verified,
    recipe: drift.status === 'DELETED' ? recreationRecipe(desired, state.lastInSync) : null,
    startedAt,
    endedAt: clock.now(),
  };
  const seen = report(input);
  const result = crashed === null ? seen : report(withPutBackBefore(input, crashed));
  const news = await isNews(seen, {
    known,
    drift: drifted.drift,
    request,
    admitted,
    spokesman: (key) => roleStates.spokesman(observed.ref.accountId, key, incidentId),
  });
  // Of two functions that would tell the same, the slower one looks again, and finds it told.
  if (news && !writes) {
    if (!(await roleStates.put(drifted))) return null;
    await ledger.open(entry);
  }
  if (news || writes) await ledger.close(incidentId, result);
  const lookAt = await askForLooks(task, result, applied, drifted);
  const approval = context.controls?.approval ?? null;
  const stored = writes || news ? { ...drifted, revision: drifted.revision + 1 } : drifted;
  const eventId = sortedCauses(request.causes)[0]?.eventId ?? null;
  const outcome = {
    observed,
    applied,
    report: seen,
    eventId,
    isNews: news,
    isKnown: news || isSpokenFor(admitted),
    lookAt,
    limits,
    now: input.endedAt,
  };
  await store(task, withCreated(withApproval(stored, approval), applied), (before) =>
    afterDrift(before, desired, outcome),
  );
  const asMany = isHeldAsMany(applied);
  if (asMany !== drifted.drift.isHeldAsMany)
    await roleStates.mark({ ...markOf(plan, asRole), isHeld: asMany });
  return { report: result, isNews: news, retry: applied.some(({ retryable }) => retryable) };
}

/** The incident, if an earlier look at it has crashed before people were told. */
async function untold({ incidentId, role }: IncidentEntry, ledger: Ledger): Promise<Incident | null> {
  const owed = await ledger.owed(role);
  return owed.find((incident) => incident.incidentId === incidentId) ?? null;
}

function sizeOf({ roles }: Spec): { readonly entries: number; readonly hasPatterns: boolean } {
  return { entries: roles.length, hasPatterns: roles.some(({ name }) => isPattern(name)) };
}

/** Asks for the looks that are due, before it is stored that they were asked for: a crash in between asks twice. */
async function askForLooks(
  { request, deps }: Look,
  result: ReconcileReport,
  applied: readonly AppliedChange[],
  state: RoleState,
): Promise<string | null> {
  const now = deps.clock.now();
  const again = secondLook(request, result, now);
  if (again !== null) await deps.recheckQueue.schedule(again.request, again.delaySeconds);
  const due = dueLook(applied, state.lookAt, now);
  if (due !== null && due.delaySeconds !== null)
    await deps.recheckQueue.schedule(
      { role: state.role, trigger: request.trigger, causes: [], recheck: 0 },
      due.delaySeconds,
    );
  return due?.at ?? null;
}

const MOST_TRIES = 5;

/** What came of a look must not be lost because somebody else has stored a state meanwhile. */
async function store(
  { deps: { roleStates } }: Look,
  state: RoleState,
  change: (state: RoleState) => RoleState,
): Promise<void> {
  let before = state;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await roleStates.put(change(before))) return;
    const { revision } = await roleStates.get(state.role);
    before = { ...before, revision };
  }
  throw new Error(
    `the state of ${state.role.roleName} could not be stored: others store theirs all the time`,
  );
}
