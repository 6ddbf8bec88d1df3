import type { Channel } from '../define-channel.ts';
import { amazonQ } from './amazon-q.ts';
import { slack } from './slack.ts';
import { sns } from './sns.ts';

/** THE LIST of channels. A new one is one file and one line here. */
export const channels: readonly Channel[] = [sns, slack, amazonQ];
