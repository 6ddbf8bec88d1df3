import { aspectNamed } from '../aspects/index.ts';
import type { DesiredRole, Difference, ObservedRole } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';

interface Sighting {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  /** As of this look. */
  readonly state: RoleState;
}

/**
 * The paths of the differences that the spec may have made, by saying something else about the role than before: what has
 * changed is the declaration of that very aspect. Or nothing of the spec was ever carried out, and nobody is known to have
 * touched the role: a spec that has never been true of it may be wrong, too.
 */
export function suspectPaths(differences: readonly Difference[], sighting: Sighting): ReadonlySet<string> {
  return new Set(differences.filter((difference) => isSuspect(difference, sighting)).map(({ path }) => path));
}

function isSuspect(difference: Difference, sighting: Sighting): boolean {
  const { carriedOut, drift } = sighting.state;
  if (carriedOut === null) return (drift?.causes ?? []).length === 0;
  const { aspect } = difference;
  return carriedOut[aspect] !== sighting.desired.digests[aspect] && !isDoorOfSomebody(difference, sighting);
}

/** What nobody can have got by a change of the spec: it was not there when the role was last in sync. */
function isDoorOfSomebody(difference: Difference, { observed, state }: Sighting): boolean {
  const { aspect: name, path } = difference;
  const before = state.lastInSync?.aspects[name];
  const now = observed.aspects[name];
  if (!isDoor(difference) || before === undefined || now === undefined) return false;
  const aspect = aspectNamed(name);
  const declared = aspect.declare(before, observed.ref);
  if (declared === null) return false;
  return aspect
    .diff(declared, now, observed.ref)
    .some((since) => since.path === path && (difference.forbidden || letsIn(since)));
}

function isDoor(difference: Difference): boolean {
  return difference.forbidden || letsIn(difference);
}

/** An AWS service is let in by deployments, too. */
function letsIn({ access }: Pick<Difference, 'access'>): boolean {
  return access.gained.some(({ principal }) => principal !== undefined && !principal.startsWith('Service:'));
}
