import { blastRadius } from './blast-radius.ts';
import type { Guard } from './define.ts';
import { exemption } from './exemption.ts';
import { fight } from './fight.ts';
import { grace } from './grace.ts';
import { killSwitch } from './kill-switch.ts';
import { mode } from './mode.ts';
import { ownership } from './ownership.ts';
import { protectedRole } from './protected-role.ts';
import { recreation } from './recreation.ts';
import { squatter } from './squatter.ts';

/** THE LIST, in order: the first guard that holds a change gives the reason. */
export const guards: readonly Guard[] = [
  protectedRole,
  mode,
  ownership,
  killSwitch,
  exemption,
  squatter,
  recreation,
  grace,
  fight,
  blastRadius,
];
