import type { Guard } from './define.ts';
import { mode } from './mode.ts';
import { protectedRole } from './protected-role.ts';

/** THE LIST, in order: the first guard that holds a change gives the reason. */
export const guards: readonly Guard[] = [protectedRole, mode];
