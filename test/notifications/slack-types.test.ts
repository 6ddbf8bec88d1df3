import type { KnownBlock as PublishedBlock } from '@slack/types';
import { expectTypeOf, it } from 'vitest';

import type { KnownBlock } from '../../shared/notifications/slack-blocks.ts';

type Mutable<T> = T extends string | number | boolean | null
  ? T
  : { -readonly [Key in keyof T]: Mutable<T[Key]> };

// Held by the compiler: `npm run typecheck` fails where our blocks are none of Slack's.
it('every block that we send is one that Slack publishes', () => {
  expectTypeOf<Mutable<KnownBlock>>().toExtend<PublishedBlock>();
});
