import { defineGuard } from './define.ts';

/** What others use or own as well is a person's to change: the spec does not speak for them. */
export const ownership = defineGuard({
  name: 'ownership',
  hold: ({ notOursAlone }) => notOursAlone,
});
