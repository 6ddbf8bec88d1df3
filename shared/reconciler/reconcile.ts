import type { GuardLimits } from '../guards/limits.ts';
import type { ReconcileReport, ReconcileRequest } from '../model.ts';
import type { ClientsFor } from '../ports/clients.ts';
import type { Clock, RandomBytes } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RecheckQueue } from '../ports/recheck-queue.ts';
import { desiredRole } from '../spec/desired-role.ts';
import type { Spec } from '../spec/spec.ts';
import { isBusy, isRevertedBetween } from './busy.ts';
import type { ContextSources } from './context.ts';
import { detectDrift } from './drift.ts';
import { incidentIdOf, ulid } from './identifiers.ts';
import { recogniseRole } from './recognise.ts';
import type { Look } from './look.ts';
import { observeRole } from './observe.ts';
import { putBack } from './put-back.ts';
import { notChecked } from './report.ts';
import { settle } from './settle.ts';

/** Everything that a reconciliation touches, handed in. */
export interface ReconcileDeps extends ContextSources {
  readonly spec: Spec;
  readonly clientsFor: ClientsFor;
  readonly ledger: Ledger;
  readonly recheckQueue: RecheckQueue;
  /** Left out: the usual ones. */
  readonly limits?: GuardLimits;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** A finished reconciliation. */
export interface Reconciled {
  readonly report: ReconcileReport;
  /** false: people have been told already, or another report tells them. */
  readonly isNews: boolean;
  /** A change failed in a way that may pass: deliver the request again. */
  readonly retry: boolean;
}

// Another of our functions is at the same role: it needs some seconds, and after all of these is taken for dead.
const OVERTAKEN_PAUSES_MS = [1000, 3000, 9000];

/**
 * Brings one role back to its spec. Level-based: the causes are reported, never obeyed.
 * Safe to run twice, late, or concurrently. Throws when the role, or what a guard needs to know, cannot be read: the queue
 * tries again.
 */
export async function reconcileRole(request: ReconcileRequest, deps: ReconcileDeps): Promise<Reconciled> {
  const { clock } = deps;
  const startedAt = clock.now();
  const id = ulid(clock, deps.randomBytes);
  const desired = desiredRole(deps.spec, request.role);
  const clients = deps.clientsFor(request.role.accountId);
  if (desired === null || clients === null) {
    const incidentId = incidentIdOf(request.role, request.causes, id);
    const result = notChecked({ id, incidentId, request, startedAt, endedAt: clock.now() });
    return { report: result, isNews: true, retry: false };
  }
  const task = { id, startedAt, request, desired, clients, deps };
  for (const pause of OVERTAKEN_PAUSES_MS) {
    const done = await look(task, { waits: true });
    if (done !== null) return done;
    await clock.sleep(pause);
  }
  // Somebody who changes the role all the time must not keep us from it.
  const done = await look(task, { waits: false });
  if (done !== null) return done;
  throw new Error(`others are at work on ${desired.ref.roleName} all the time`);
}

/** null where another function is at it, or was quicker: the role is to be looked at afresh. */
async function look(task: Look, { waits }: { readonly waits: boolean }): Promise<Reconciled | null> {
  const { desired, clients, deps } = task;
  const began = deps.clock.now();
  const [observed, known] = await Promise.all([
    observeRole(desired, clients),
    deps.roleStates.get(desired.ref),
  ]);
  const ended = deps.clock.now();
  if (waits && (isBusy(known, ended) || isRevertedBetween(known, began, ended))) return null;
  const drift = detectDrift(desired, observed, known.lastSeen);
  const state = await recogniseRole(known, observed, drift, task);
  return drift.differences.length === 0
    ? settle(task, { observed, drift, known, state })
    : putBack(task, { observed, drift, known, state });
}
