import type { Channel } from '../../../shared/notifications/define-channel.ts';

/** Who gets the sample. `secret`: what to take for the channel's secret; null reads it from its store. */
export type Recipient =
  | {
      readonly kind: 'channel';
      readonly channel: Channel;
      readonly target: string;
      readonly secret: string | null;
    }
  | { readonly kind: 'bus'; readonly name: string };

/** `topicArn` → `topic-arn`. */
export function flagOf(settingKey: string): string {
  return settingKey.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
