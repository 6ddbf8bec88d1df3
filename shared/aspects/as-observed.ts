import type { DesiredAspect, Json } from '../model.ts';
import type { AspectContext } from './definition.ts';
import { aspectNamed, isKnownAspect } from './index.ts';

/**
 * What was observed of a role, as its declaration, enforced. An aspect of which no declaration tells it, or that this version
 * does not know, is left out.
 */
export function asObserved(
  observed: Readonly<Record<string, Json>>,
  role: AspectContext,
): Readonly<Record<string, DesiredAspect>> {
  return Object.fromEntries(
    Object.entries(observed).flatMap(([name, actual]): [string, DesiredAspect][] => {
      const declared = isKnownAspect(name) ? aspectNamed(name).declare(actual, role) : null;
      return declared === null ? [] : [[name, { mode: 'enforce', declared }]];
    }),
  );
}
