import { aspectNamed } from '../aspects/index.ts';
import { mayHaveMade } from '../aspects/made-by.ts';
import type { DesiredRole, Difference, ObservedRole } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';
import { isOfDeployers } from './grace.ts';
import { differedWhenInSync } from './last-in-sync.ts';

interface Sighting {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  /** As of this look. */
  readonly state: RoleState;
  readonly now: Date;
}

/** Paths of differences. */
export interface Suspects {
  /** What the spec may have made. */
  readonly paths: ReadonlySet<string>;
  /** Those of them in which somebody has given access since: no change of a spec has. */
  readonly gains: ReadonlySet<string>;
  /** Those of these that are doors. */
  readonly doors: ReadonlySet<string>;
}

/**
 * What the spec may have made, by saying something else about the role than before: what has changed is the declaration of that
 * very aspect, and by the new one the role would have differed there when it was last in sync. Or nothing of the spec was ever
 * carried out, and nobody is known to have touched the role: a spec that has never been true of it may be wrong, too.
 */
export function suspectsIn(differences: readonly Difference[], sighting: Sighting): Suspects {
  const suspects = differences.filter((difference) => isSuspect(difference, sighting));
  const gains = suspects.filter((difference) => gainedSince(difference, sighting).length > 0);
  const doors = gains.filter((difference) => isDoorOfSomebody(difference, sighting));
  return { paths: pathsOf(suspects), gains: pathsOf(gains), doors: pathsOf(doors) };
}

function pathsOf(differences: readonly Difference[]): ReadonlySet<string> {
  return new Set(differences.map(({ path }) => path));
}

function isSuspect(difference: Difference, sighting: Sighting): boolean {
  const { aspect, leftBySpec, mode } = difference;
  if (leftBySpec !== null || mode !== 'enforce') return false;
  const { desired, state } = sighting;
  if (state.carriedOut === null) return isUnexplained(aspect, state);
  if (state.carriedOut[aspect] === desired.digests[aspect]) return false;
  // What the new declaration would have found nothing of then, somebody has made since; a deployer perhaps with the spec, which
  // is to follow him and may be wrong.
  return differedWhenInSync(difference, sighting) !== false || isOfDeployers(difference, sighting);
}

/** Once the spec is the suspect, only who may have made the difference clears it, and not whoever touches the role. */
function isUnexplained(aspect: string, { drift }: RoleState): boolean {
  const causes = drift?.causes ?? [];
  const isSuspected = drift !== null && drift.suspect !== null;
  return isSuspected ? !causes.some(({ eventName }) => mayHaveMade(eventName, aspect)) : causes.length === 0;
}

function isDoorOfSomebody(difference: Difference, sighting: Sighting): boolean {
  return letsIn(difference.access.gained) && letsIn(gainedSince(difference, sighting));
}

/** An AWS service is let in by deployments, too. */
function letsIn(gained: Difference['access']['gained']): boolean {
  return gained.some(({ principal }) => principal !== undefined && !principal.startsWith('Service:'));
}

/** What the role allows there that it did not when it was last in sync, whatever the spec says. */
function gainedSince({ aspect: name, path }: Difference, sighting: Sighting): Difference['access']['gained'] {
  const before = sighting.state.lastInSync?.aspects[name];
  const now = sighting.observed.aspects[name];
  if (before === undefined || now === undefined) return [];
  const aspect = aspectNamed(name);
  const declared = aspect.declare(before, sighting.observed.ref);
  if (declared === null) return [];
  const since = aspect.diff(declared, now, sighting.observed.ref);
  return since.filter((one) => one.path === path).flatMap(({ access }) => access.gained);
}
