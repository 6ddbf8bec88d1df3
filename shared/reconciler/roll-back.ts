import { asObserved } from '../aspects/as-observed.ts';
import { aspectNamed } from '../aspects/index.ts';
import { asItWas } from '../aspects/wording.ts';
import { TerminalError } from '../errors.ts';
import { usualLimits } from '../guards/limits.ts';
import { ownership } from '../guards/ownership.ts';
import { protectedRole } from '../guards/protected-role.ts';
import type {
  AccessDelta,
  AdmittedChange,
  AppliedChange,
  DesiredRole,
  Json,
  ObservedRole,
} from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import type { Clock } from '../ports/clock.ts';
import type { Incident } from '../ports/ledger.ts';
import { unknownRole } from '../ports/role-state.ts';
import { admit } from './admit.ts';
import { applyPlan } from './apply.ts';
import { detectDrift } from './drift.ts';
import { observeRole } from './observe.ts';
import { planChanges } from './plan.ts';
import { verify } from './verify.ts';

/** What it takes to have a role again as an incident found it. */
export interface RollBack {
  /** What was there, as a declaration. */
  readonly desired: DesiredRole;
  readonly admitted: readonly AdmittedChange[];
  /** What the role, and others to it, can do then and not now, and the reverse. */
  readonly access: AccessDelta;
  /** Aspects that no declaration brings to where they were. */
  readonly cannotPutBack: readonly string[];
  readonly before: Incident['before'];
}

export interface RolledBack {
  readonly applied: readonly AppliedChange[];
  /** null if nothing was applied; false, too, where the role could not be read any more. */
  readonly verified: boolean | null;
  /** Paths of what is still not as it was. */
  readonly left: readonly string[];
}

/**
 * Reads the role and plans, by the product's own means, how it gets back to what the incident found; nothing is changed.
 * @throws {TerminalError} where there is nothing to put back, or no role to put it on.
 */
export async function planRollBack(incident: Incident, clients: Clients, now: Date): Promise<RollBack> {
  const { incidentId, before, role } = incident;
  if (Object.keys(before).length === 0)
    throw new TerminalError(`${incidentId}: nothing was there that could be put back`);
  const declared = declarationOf(incident);
  const observed = await observeRole(declared, clients);
  if (!observed.exists)
    throw new TerminalError(`the role ${role.roleName} does not exist: iam-drift recreate makes it again`);
  const desired = { ...declared, path: observed.path ?? declared.path };
  const plan = planChanges(desired, observed, detectDrift(desired, observed), asItWas);
  const admitted = admit(plan, [protectedRole, ownership], {
    request: { role, trigger: 'operator', causes: [], recheck: 0 },
    desired,
    observed,
    state: unknownRole(role),
    suspects: new Set(),
    specSize: { entries: 1, hasPatterns: false },
    limits: usualLimits,
    now,
  });
  const differences = sinceThen(before, observed);
  return {
    desired,
    admitted,
    access: {
      gained: differences.flatMap(({ access }) => access.gained),
      lost: differences.flatMap(({ access }) => access.lost),
    },
    cannotPutBack: Object.keys(before).filter((name) => desired.aspects[name] === undefined),
    before,
  };
}

/** Sends what was planned, and reads the role again. Never throws for a refused change: the outcome says what happened. */
export async function rollBack(
  { admitted, desired, before }: RollBack,
  clients: Clients,
  clock: Clock,
): Promise<RolledBack> {
  const sent = await applyPlan(admitted, clients, clock);
  const { applied, verified } = await verify(sent, desired, clients, clock);
  try {
    const left = sinceThen(before, await observeRole(desired, clients));
    return { applied, verified, left: left.map(({ path }) => path) };
  } catch {
    // What is done is done, and has to be told: a read that fails makes it unconfirmed.
    return { applied, verified: false, left: [] };
  }
}

function declarationOf({ before, role, spec }: Incident): DesiredRole {
  return {
    ref: role,
    isByPattern: false,
    path: '/',
    mode: 'enforce',
    aspects: asObserved(before, role),
    // What is shared was changed only where the spec declared all who use it: it is given back to them all.
    isDeclared: () => true,
    grace: null,
    recreation: null,
    digests: {},
    spec,
  };
}

/** How what was there differs from what is there now: the reverse of drift, and with what a declaration does not say. */
function sinceThen(before: Readonly<Record<string, Json>>, observed: ObservedRole) {
  return Object.entries(observed.aspects).flatMap(([name, now]) => {
    const declared = aspectNamed(name).declare(now, observed.ref);
    return declared === null ? [] : aspectNamed(name).diff(declared, before[name] ?? null, observed.ref);
  });
}
