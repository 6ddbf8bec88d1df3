import { aspectNamed } from '../aspects/index.ts';
import type { Difference } from '../model.ts';
import type { RoleContext } from './define.ts';

/**
 * Whether the role, as it was when it was last in sync, differed there by what is declared now; null where nobody can tell,
 * since it was not seen then, or remembered in the shape of another version.
 */
export function differedWhenInSync(
  { aspect, path }: Pick<Difference, 'aspect' | 'path'>,
  { desired, observed, state }: Pick<RoleContext, 'desired' | 'observed' | 'state'>,
): boolean | null {
  const declared = desired.aspects[aspect]?.declared;
  const before = state.lastInSync?.aspects[aspect];
  if (declared === undefined || before === undefined || !aspectNamed(aspect).isObservation(before))
    return null;
  return aspectNamed(aspect)
    .diff(declared, before, observed.ref)
    .some((difference) => difference.path === path);
}
