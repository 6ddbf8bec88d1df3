import type { IncidentEntry } from '../ports/ledger.ts';
import { applyPlan } from './apply.ts';
import { askForDueLook, askForSecondLook } from './ask-for-looks.ts';
import { whileBusy } from './busy.ts';
import { decide, type Decision } from './decide.ts';
import { explainingCauses } from './explaining-causes.ts';
import { sortedCauses } from './identifiers.ts';
import { withFoundBefore } from './found-before.ts';
import { incidentEntry } from './incident-entry.ts';
import type { Look, Seen } from './look.ts';
import { isNews, isSpokenFor } from './news.ts';
import { withApproval, withCreated } from './recognise.ts';
import type { Reconciled, ReconcileDeps } from './reconcile.ts';
import { recreationRecipe } from './recreation-recipe.ts';
import { afterDrift, type DriftOutcome, isHeldAsMany, isUndone } from './remember.ts';
import { report } from './report.ts';
import { storeState } from './store-state.ts';
import { verify } from './verify.ts';

/**
 * The role has drifted: what the guards admit is put back, written down before, read again after.
 * null where another function was quicker, and the role is to be looked at afresh.
 */
export async function putBack(task: Look, seen: Seen): Promise<Reconciled | null> {
  const { id, startedAt, desired, clients, deps } = task;
  const { observed, drift } = seen;
  const { clock, ledger, roleStates } = deps;
  const now = clock.now();
  const [decision, owed] = await Promise.all([decide(task, seen, now), ledger.owed(observed.ref)]);
  const { admitted, writes, state, fights } = decision;
  const { incidentId } = state.drift;
  // An earlier look at it has crashed before people were told.
  const crashed = owed.find((incident) => incident.incidentId === incidentId) ?? null;
  const found = [...drift.differences, ...(crashed?.found ?? []).map(({ difference }) => difference)];
  const causes = explainingCauses(task.request.causes, found, state, seen.known.drift?.isPending ?? false);
  const entry = incidentEntry({ incidentId, causes, desired, observed, admitted, crashed }, now);

  if (writes && !(await writeDown(whileBusy(state, now), entry, deps))) return null;
  const sent = await applyPlan(admitted, clients, clock);
  const { applied, verified } = await verify(sent, desired, clients, clock);
  const input = {
    id,
    incidentId,
    request: { ...task.request, causes },
    openSince: state.drift.since,
    reverts: state.reverts,
    desired,
    observed,
    drift,
    applied,
    verified,
    recipe: drift.status === 'DELETED' ? recreationRecipe(desired, state.lastInSync) : null,
    startedAt,
    endedAt: clock.now(),
  };
  const own = report(input);
  const whole = crashed === null ? input : withFoundBefore(input, crashed, desired);
  const result = whole === input ? own : report(whole);
  const news =
    // What was found before a crash, and not reported, is news whatever else there is.
    (result !== own && crashed?.report === null) ||
    (await isNews(own, {
      known: seen.known,
      drift: state.drift,
      causes: task.request.causes,
      admitted,
      applied,
      fights,
      spokesman: (key) => roleStates.spokesman(observed.ref.accountId, key, incidentId),
    }));
  // Of two functions that would tell the same, the slower one looks again, and finds it told.
  if (news && !writes && !(await writeDown(whileBusy(state, clock.now()), entry, deps))) return null;
  if (news || writes) await ledger.close(incidentId, result);

  await askForSecondLook(task, result);
  await remember(task, decision, {
    observed,
    applied,
    report: own,
    revertId: sortedCauses(task.request.causes)[0]?.eventId ?? id,
    isNews: news,
    isKnown: news || isSpokenFor(admitted, state.drift),
    lookAt: await askForDueLook(task, applied, state),
    fights,
    now: input.endedAt,
  });
  return { report: result, isNews: news, retry: sent.some(({ retryable }) => retryable) };
}

/**
 * A crash from here on loses neither the incident nor what was there. false where another function has stored the role's
 * state since it was read.
 */
async function writeDown(
  state: Decision['state'],
  entry: IncidentEntry,
  { roleStates, ledger }: ReconcileDeps,
): Promise<boolean> {
  // Until people are told of this, what they knew is no reason to tell them nothing.
  if (!(await roleStates.put({ ...state, drift: { ...state.drift, told: null } }))) return false;
  await ledger.open(entry);
  return true;
}

async function remember(
  { desired, deps: { roleStates } }: Look,
  { state, writes, approval, mark, suspects }: Decision,
  outcome: DriftOutcome,
): Promise<void> {
  // What was written down is one revision further.
  const revision = state.revision + (writes || outcome.isNews ? 1 : 0);
  await storeState({ ...state, revision }, roleStates, (known) =>
    afterDrift(withCreated(withApproval(known, approval), outcome.applied), desired, outcome),
  );
  const isHeld = isHeldAsMany(outcome.applied);
  const isSuspect = outcome.applied.some(
    (one) => isUndone(one) && suspects.paths.has(one.change.difference.path),
  );
  const [doorClosedAt = null] = outcome.applied.flatMap(({ change, appliedAt }) =>
    suspects.doors.has(change.difference.path) ? (appliedAt ?? []) : [],
  );
  if (isHeld !== mark.isHeld || isSuspect !== mark.isSuspect || doorClosedAt !== null)
    await roleStates.mark({ ...mark, isHeld, isSuspect, doorClosedAt });
}
