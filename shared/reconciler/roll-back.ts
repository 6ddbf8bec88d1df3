import { isInPlace } from '../change-outcome.ts';
import { asObserved } from '../aspects/as-observed.ts';
import { asItWas } from '../aspects/wording.ts';
import { TerminalError } from '../errors.ts';
import { usualLimits } from '../guards/limits.ts';
import { ownership } from '../guards/ownership.ts';
import { protectedRole } from '../guards/protected-role.ts';
import type {
  AccessDelta,
  AdmittedChange,
  AppliedChange,
  Change,
  DesiredRole,
  Difference,
  ObservedRole,
} from '../model.ts';
import { operatorCommand } from '../operator-command.ts';
import type { Clients } from '../ports/clients.ts';
import type { Clock } from '../ports/clock.ts';
import type { Incident } from '../ports/ledger.ts';
import { unknownRole } from '../ports/role-state.ts';
import { admit } from './admit.ts';
import { applyPlan } from './apply.ts';
import { detectDrift } from './drift.ts';
import { observeRole } from './observe.ts';
import { planChanges } from './plan.ts';
import { withTakenAway } from './taken-away.ts';
import { verify } from './verify.ts';

/** What it takes to have a role again as an incident found it. */
export interface RollBack {
  /** What was there, as a declaration. */
  readonly desired: DesiredRole;
  readonly admitted: readonly AdmittedChange[];
  /** How what was there differs from what is there now. */
  readonly since: readonly Difference[];
  /** What the role, and others to it, can do when that is done and not now, and the reverse. */
  readonly access: AccessDelta;
  /** Aspects, and paths of single differences, for which there is no change. */
  readonly cannotPutBack: readonly string[];
  readonly before: Incident['before'];
}

export interface RolledBack {
  readonly applied: readonly AppliedChange[];
  /** null if nothing was applied; false, too, where the role could not be read any more. */
  readonly verified: boolean | null;
  /** As in the plan, by what was really done. */
  readonly access: AccessDelta;
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
    throw new TerminalError(
      `the role ${role.roleName} does not exist; to make it again: ${operatorCommand('recreate', { roleName: role.roleName, options: [`--incident ${incidentId}`] })}`,
    );
  const desired = { ...declared, path: observed.path ?? declared.path };
  const since = changesSince(before, observed, desired);
  const planned = planChanges(desired, observed, detectDrift(desired, observed), asItWas);
  const changes = withTakenAway(planned.changes, since, incident.results, observed.ref);
  const admitted = admit({ changes }, [protectedRole, ownership], {
    request: { role, trigger: 'operator', causes: [], recheck: 0 },
    desired,
    observed,
    state: unknownRole(role),
    suspects: { paths: new Set(), gains: new Set(), doors: new Set() },
    specSize: { entries: 1, hasPatterns: false },
    limits: usualLimits,
    now,
  });
  const differences = since.map(({ difference }) => difference);
  // Whatever else differs, what was there is declared.
  const noChange = differences
    .filter(
      ({ path, type }) => type === 'REMOVE' && !changes.some(({ difference }) => difference.path === path),
    )
    .map(({ path }) => path);
  const held = admitted.filter(({ verdict }) => verdict.decision === 'hold').map(({ change }) => change);
  return {
    desired,
    admitted,
    since: differences,
    access: accessBut(differences, [...noChange, ...held.map(pathOf)]),
    cannotPutBack: [
      ...Object.keys(before).filter((name) => desired.aspects[name] === undefined),
      ...noChange,
    ],
    before,
  };
}

/** Sends what was planned, and reads the role again. Never throws for a refused change: the outcome says what happened. */
export async function rollBack(
  { admitted, desired, before, since, cannotPutBack }: RollBack,
  clients: Clients,
  clock: Clock,
): Promise<RolledBack> {
  const sent = await applyPlan(admitted, clients, clock);
  const { applied, verified } = await verify(sent, desired, clients, clock);
  const done = applied.filter(isInPlace);
  const donePaths = done.map(({ change }) => pathOf(change));
  const undone = applied.map(({ change }) => pathOf(change)).filter((path) => !donePaths.includes(path));
  const access = accessBut(since, [...cannotPutBack, ...undone]);
  try {
    const observed = await observeRole(desired, clients);
    const left = changesSince(before, observed, desired).map(pathOf);
    // No declaration says that something is not there, so what was taken away is looked for here.
    const isStillThere = done.some(
      ({ change: { difference } }) => difference.type === 'ADD' && left.includes(difference.path),
    );
    return { applied, verified: isStillThere ? false : verified, access, left };
  } catch {
    // What is done is done, and has to be told: a read that fails makes it unconfirmed.
    return { applied, verified: false, access, left: [] };
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

/**
 * What it would have taken to bring the role from what was there to what is there now: the reverse of a rollback, and with
 * what a declaration of what was there does not say.
 */
function changesSince(
  before: Incident['before'],
  observed: ObservedRole,
  desired: DesiredRole,
): readonly Change[] {
  const now = { ...desired, aspects: asObserved(observed.aspects, observed.ref) };
  const then = { ...observed, aspects: before };
  return planChanges(now, then, detectDrift(now, then)).changes;
}

function pathOf({ difference }: Change): string {
  return difference.path;
}

/** What all of it gives and takes, but for what stays as it is. */
function accessBut(since: readonly Difference[], paths: readonly string[]): AccessDelta {
  const differences = since.filter(({ path }) => !paths.includes(path));
  return {
    gained: differences.flatMap(({ access }) => access.gained),
    lost: differences.flatMap(({ access }) => access.lost),
  };
}
