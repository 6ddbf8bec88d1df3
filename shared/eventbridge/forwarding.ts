import type { Aspect } from '../aspects/define.ts';
import type { Spec } from '../spec/spec.ts';
import { type EventRule, eventRules } from './rules.ts';

/**
 * By region: the rules that have to forward events to the default bus of the home region, where the function is woken.
 * IAM's own events arise there; those of regional services arise where the declared things are.
 */
export function forwardingRules(
  spec: Spec,
  aspects: readonly Aspect[],
  homeRegion: string,
): ReadonlyMap<string, readonly EventRule[]> {
  const byRegion = new Map<string, Set<Aspect>>();
  for (const role of spec.roles)
    for (const aspect of aspects) {
      const declaration = role.aspects[aspect.name];
      if (declaration === undefined) continue;
      for (const region of aspect.regions(declaration.declared))
        if (region !== homeRegion) byRegion.set(region, new Set([...(byRegion.get(region) ?? []), aspect]));
    }
  return new Map(
    [...byRegion]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([region, own]) => [region, eventRules([...own]).filter(({ source }) => source !== 'aws.iam')]),
  );
}
