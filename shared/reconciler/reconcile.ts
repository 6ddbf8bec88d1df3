import type { ReconcileReport, ReconcileRequest } from '../model.ts';
import type { ClientsFor } from '../ports/clients.ts';
import type { Clock, RandomBytes } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RecheckQueue } from '../ports/recheck-queue.ts';
import { desiredRole } from '../spec/desired-role.ts';
import type { Spec } from '../spec/spec.ts';
import { admit } from './admit.ts';
import { applyPlan } from './apply.ts';
import { detectDrift } from './drift.ts';
import { incidentIdOf, ulid } from './identifiers.ts';
import { incidentEntry } from './incident-entry.ts';
import { observeRole } from './observe.ts';
import { planChanges } from './plan.ts';
import { notChecked, report } from './report.ts';
import { secondLook } from './second-look.ts';
import { verify } from './verify.ts';

/** Everything that a reconciliation touches, handed in. */
export interface ReconcileDeps {
  readonly spec: Spec;
  readonly clientsFor: ClientsFor;
  readonly ledger: Ledger;
  readonly recheckQueue: RecheckQueue;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** A finished reconciliation. */
export interface Reconciled {
  readonly report: ReconcileReport;
  /** A change failed in a way that may pass: deliver the request again. */
  readonly retry: boolean;
}

/**
 * Brings one role back to its spec. Level-based: the causes are reported, never obeyed.
 * Safe to run twice, late, or concurrently. Throws when the role cannot be read: the queue tries again.
 */
export async function reconcileRole(request: ReconcileRequest, deps: ReconcileDeps): Promise<Reconciled> {
  const { clock } = deps;
  const startedAt = clock.now();
  const id = ulid(clock, deps.randomBytes);
  const desired = desiredRole(deps.spec, request.role);
  const clients = deps.clientsFor(request.role.accountId);
  if (desired === null || clients === null) {
    const incidentId = incidentIdOf(request.role, request.causes, id);
    return { report: notChecked({ id, incidentId, request, startedAt, endedAt: clock.now() }), retry: false };
  }

  const observed = await observeRole(desired, clients);
  const drift = detectDrift(desired, observed);
  const plan = planChanges(desired, observed, drift);
  const admitted = admit(plan, { desired, observed, now: clock.now() });
  const incidentId = incidentIdOf(observed.ref, request.causes, id);
  // Written down before anything is changed: a crash from here on loses neither the incident nor what was there.
  if (drift.differences.length > 0)
    await deps.ledger.open(incidentEntry({ incidentId, request, desired, observed, admitted }, clock.now()));
  const applied = await applyPlan(admitted, clients, clock);
  const verified = await verify(applied, desired, clients, clock);

  const endedAt = clock.now();
  const result = report({
    id,
    incidentId,
    request,
    desired,
    observed,
    drift,
    applied,
    verified,
    startedAt,
    endedAt,
  });
  if (drift.differences.length > 0) await deps.ledger.close(incidentId, result);
  const look = secondLook(request, result, endedAt);
  if (look !== null) await deps.recheckQueue.schedule(look.request, look.delaySeconds);
  return { report: result, retry: applied.some(({ retryable }) => retryable) };
}
