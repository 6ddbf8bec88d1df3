import { aspectNamed } from '../aspects/index.ts';
import type { Difference } from '../model.ts';
import { defineGuard, type RoleContext } from './define.ts';

/** What others use or own as well is a person's to change: the spec does not speak for them. */
export const ownership = defineGuard({
  name: 'ownership',
  hold: ({ effect, difference, notOursAlone }, _plan, context) => {
    if (notOursAlone === null) return null;
    const { reason, remedy, mayGoBack } = notOursAlone;
    return mayGoBack && effect === 'closes' && wasInSync(difference, context) ? null : { reason, remedy };
  },
});

/** Whether it was as declared when the role was last in sync. */
function wasInSync({ aspect, path }: Difference, { desired, observed, state }: RoleContext): boolean {
  const declared = desired.aspects[aspect]?.declared;
  const before = state.lastInSync?.aspects[aspect];
  if (declared === undefined || before === undefined || !aspectNamed(aspect).isObservation(before))
    return false;
  return aspectNamed(aspect)
    .diff(declared, before, observed.ref)
    .every((difference) => difference.path !== path);
}
