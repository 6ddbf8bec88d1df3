import type { Command } from '../command.ts';
import { compare } from './compare.ts';
import { local } from './local.ts';
import { presetsCommand } from './presets.ts';
import { replay } from './replay.ts';
import { validate } from './validate.ts';

/** THE LIST of commands, as the help shows them. A new command is one file and one line here. */
export const commands: readonly Command[] = [replay, compare, validate, presetsCommand, local];
