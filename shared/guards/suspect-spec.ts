import { aspectNamed } from '../aspects/index.ts';
import type { DifferenceDraft } from '../aspects/definition.ts';
import { mayHaveMade } from '../aspects/made-by.ts';
import type { DesiredRole, Difference, ObservedRole } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';

interface Sighting {
  readonly desired: DesiredRole;
  readonly observed: ObservedRole;
  /** As of this look. */
  readonly state: RoleState;
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
 * very aspect. Or nothing of the spec was ever carried out, and nobody is known to have touched the role: a spec that has never
 * been true of it may be wrong, too.
 */
export function suspectsIn(differences: readonly Difference[], sighting: Sighting): Suspects {
  const suspects = differences.filter((difference) => isSuspect(difference, sighting));
  const gains = suspects.filter(
    (difference) => (sinceInSync(difference, sighting)?.access.gained ?? []).length > 0,
  );
  const doors = suspects.filter((difference) => isDoorOfSomebody(difference, sighting));
  return { paths: pathsOf(suspects), gains: pathsOf([...gains, ...doors]), doors: pathsOf(doors) };
}

function pathsOf(differences: readonly Difference[]): ReadonlySet<string> {
  return new Set(differences.map(({ path }) => path));
}

function isSuspect({ aspect, leftBySpec, mode }: Difference, { desired, state }: Sighting): boolean {
  if (leftBySpec !== null || mode !== 'enforce') return false;
  const { carriedOut } = state;
  return carriedOut === null ? isUnexplained(aspect, state) : carriedOut[aspect] !== desired.digests[aspect];
}

/** Once the spec is the suspect, only who may have made the difference clears it, and not whoever touches the role. */
function isUnexplained(aspect: string, { drift }: RoleState): boolean {
  const causes = drift?.causes ?? [];
  return drift?.suspect === null || drift === null
    ? causes.length === 0
    : !causes.some(({ eventName }) => mayHaveMade(eventName, aspect));
}

function isDoorOfSomebody(difference: Difference, sighting: Sighting): boolean {
  if (!difference.forbidden && !letsIn(difference)) return false;
  const since = sinceInSync(difference, sighting);
  return since !== undefined && (difference.forbidden || letsIn(since));
}

/** An AWS service is let in by deployments, too. */
function letsIn({ access }: Pick<Difference, 'access'>): boolean {
  return access.gained.some(({ principal }) => principal !== undefined && !principal.startsWith('Service:'));
}

/** In what it differs there from when the role was last in sync, whatever the spec says; undefined if in nothing that is known. */
function sinceInSync(
  { aspect: name, path }: Difference,
  { observed, state }: Sighting,
): DifferenceDraft | undefined {
  const before = state.lastInSync?.aspects[name];
  const now = observed.aspects[name];
  if (before === undefined || now === undefined) return undefined;
  const aspect = aspectNamed(name);
  const declared = aspect.declare(before, observed.ref);
  if (declared === null) return undefined;
  return aspect.diff(declared, now, observed.ref).find((since) => since.path === path);
}
