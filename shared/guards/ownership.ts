import { defineGuard } from './define.ts';
import { differedWhenInSync } from './last-in-sync.ts';

/** What others use or own as well is a person's to change: the spec does not speak for them. */
export const ownership = defineGuard({
  name: 'ownership',
  hold: ({ effect, difference, notOursAlone }, _plan, context) => {
    if (notOursAlone === null) return null;
    const { reason, remedy, mayGoBack } = notOursAlone;
    const wasAsDeclared = differedWhenInSync(difference, context) === false;
    return mayGoBack && effect === 'closes' && wasAsDeclared ? null : { reason, remedy };
  },
});
