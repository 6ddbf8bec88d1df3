import type { ChangeOutcome } from './model.ts';

/** Whether what a change asks for is so: we have made it so, or found it so. */
export function isInPlace({ outcome }: { readonly outcome: ChangeOutcome }): boolean {
  return outcome === 'applied' || outcome === 'already-in-place';
}
