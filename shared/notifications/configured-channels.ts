import * as z from 'zod/mini';

import { TerminalError } from '../errors.ts';
import type { Channel } from './define-channel.ts';

/** A channel that is on, and where it leads. */
export interface ConfiguredChannel {
  readonly channel: Channel;
  readonly target: string;
}

/**
 * The channels whose variable is set.
 * @throws {TerminalError} naming each value of the wrong form, or that there is no channel at all.
 */
export function configuredChannels(
  channels: readonly Channel[],
  env: Readonly<Record<string, string | undefined>>,
): readonly ConfiguredChannel[] {
  const configured = channels.flatMap((channel) => {
    const target = env[channel.setting.variable] ?? '';
    return target === '' ? [] : [{ channel, target }];
  });
  const faults = configured.flatMap(({ channel: { setting, targetSchema }, target }) =>
    z.safeParse(targetSchema, target).success
      ? []
      : [`environment variable ${setting.variable} is "${target}": ${setting.remedy}`],
  );
  if (faults.length > 0) throw new TerminalError(faults.join('\n'));
  if (configured.length === 0)
    throw new TerminalError(
      `nobody would be told: set one of ${channels.map(({ setting }) => setting.variable).join(', ')}`,
    );
  return configured;
}
