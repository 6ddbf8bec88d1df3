import { beyond, type Divergence, type Point, type Say, type Shift } from './meaning.ts';
import { type Circumstances, circumstancesText, joined } from './implication.ts';
import { covers } from './pattern.ts';
import { absent, type Rule } from './rules.ts';

/** A piece of access that one policy gives and the other does not. */
export interface Finding {
  readonly principal: string;
  readonly resource: string;
  readonly actions: readonly string[];
  /** The statement that shows it: what a negated element leaves out is read there. */
  readonly rule: Rule;
  /** `allow`: an Allow says so. `undenied`: a Deny no longer stands against an Allow. `unspoken`: only the Deny is gone. */
  readonly through: 'allow' | 'undenied' | 'unspoken';
  readonly when: Circumstances;
  /** When the other policy gives the same access; empty: never. */
  readonly otherwise: readonly Circumstances[];
}

interface PointFinding extends Omit<Finding, 'principal' | 'resource' | 'actions'> {
  readonly point: Point;
}

/** More than this many comparisons are not worth their result: shorter lists. */
const maxComparisons = 5_000_000;

/** What `has` gives beyond `had`, each piece once, grouped by whom and what it concerns. */
export function findings(divergence: Divergence, gives: 'after' | 'before'): Finding[] {
  const all = divergence.shifts.flatMap((shift) =>
    gives === 'after' ? atPoint(shift, shift.before, shift.after) : atPoint(shift, shift.after, shift.before),
  );
  return grouped(essential(all));
}

function atPoint({ point, rule }: Shift, had: Say, has: Say): PointFinding[] {
  const otherwise = joined(had.allow);
  const allowed = joined(beyond(has.allow, had.allow)).map((when): PointFinding => ({
    point,
    rule,
    through: 'allow',
    when,
    otherwise,
  }));
  if (allowed.some(({ when }) => when.length === 0)) return allowed;
  const through = has.allow.length > 0 ? 'undenied' : 'unspoken';
  const lifted = joined(beyond(had.deny, has.deny))
    // Where everything was denied, all that is allowed now has been found above.
    .filter((when) => through === 'unspoken' || when.length > 0)
    .map((when): PointFinding => ({ point, rule, through, when, otherwise: [] }));
  return [...allowed, ...lifted];
}

/** Without what a wider finding says already, and without lifted denials of which narrower findings tell the effect. */
function essential(all: readonly PointFinding[]): PointFinding[] {
  const wide = all.filter(({ point }) =>
    [point.principal, point.action, point.resource].some((value) => /[*?]/.test(value)),
  );
  if (wide.length * all.length > maxComparisons) return [...all];
  const effective = all.filter(({ through }) => through !== 'unspoken');
  return all.filter((finding) => {
    if (finding.through === 'unspoken' && effective.some((narrower) => isWithin(narrower, finding)))
      return false;
    return !wide.some(
      (wider) =>
        wider !== finding &&
        wider.through === finding.through &&
        isWithin(finding, wider) &&
        circumstancesText(wider.when) === circumstancesText(finding.when),
    );
  });
}

function isWithin(inner: PointFinding, outer: PointFinding): boolean {
  return (['principal', 'action', 'resource'] as const).every((dimension) => {
    const [narrow, wide] = [inner.point[dimension], outer.point[dimension]];
    if (narrow === wide) return true;
    if (narrow === absent || (dimension === 'principal' && wide !== 'AWS:*')) return false;
    return covers(wide, narrow) && outer.rule[dimension].selects(narrow);
  });
}

function grouped(all: readonly PointFinding[]): Finding[] {
  const groups = new Map<string, Finding>();
  for (const { point, rule, through, when, otherwise } of all) {
    const key = JSON.stringify([
      [point.principal, point.resource, through, circumstancesText(when), otherwise.map(circumstancesText)],
      excluded(rule, point),
    ]);
    const actions = [...(groups.get(key)?.actions ?? []), point.action];
    groups.set(key, {
      principal: point.principal,
      resource: point.resource,
      actions,
      rule,
      through,
      when,
      otherwise,
    });
  }
  return [...groups.values()];
}

/** What the sentence must leave out: findings that differ in it are told apart. */
function excluded({ statement, principal, action, resource }: Rule, point: Point): unknown {
  return [
    principal.isNegated ? statement.notPrincipal : null,
    action.isNegated && point.action === '*' ? statement.notAction : null,
    resource.isNegated && point.resource === '*' ? statement.notResource : null,
  ];
}
