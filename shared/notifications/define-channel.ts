import * as z from 'zod/mini';

import type { Json, ReconcileReport } from '../model.ts';
import type { Announcement } from '../ports/announcement.ts';
import type { Transports } from '../ports/transports.ts';
import type { Notification } from './notification.ts';

/** A report that people are to be told, and what they are told. */
export interface News {
  readonly report: ReconcileReport;
  readonly notification: Notification;
}

/** A digest's place among those of one batch: 1 of 3. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** Where a channel leads. It is on where this is set. */
export interface ChannelSetting<Key extends string> {
  /** The key under `notifications` in `infra/settings.ts`, such as `slackSecretName`. */
  readonly key: Key;
  /** The function's environment variable. */
  readonly variable: string;
  readonly form: RegExp;
  /** What to write instead of what does not have the form. */
  readonly remedy: string;
}

interface ChannelDefinition<Key extends string, Body extends Json> {
  /** Also the key under which it is written down what has been told: never change it. */
  readonly name: string;
  readonly setting: ChannelSetting<Key>;
  /** What the function must be allowed to do with the topic (by its ARN) or secret (by its name) that the setting says. */
  readonly permission: { readonly action: string; readonly on: 'topic' | 'secret' };
  /** Least time between two messages, in milliseconds. */
  readonly pauseMs: number;
  readonly render: (news: News) => Body;
  /** Several reports in one message, each named. */
  readonly digest: (news: readonly News[], part: Part) => Body;
  /** What an operator has said. */
  readonly announce: (announcement: Announcement) => Body;
  /** Whether the medium takes a digest of this size. One report always fits: `render` sees to that, and so must `digest`. */
  readonly fits: (body: Body) => boolean;
  /**
   * Hands one message over; returns when the channel has taken it.
   * @throws {RetryAfterError} when the channel asks for time; any other error when it did not take the message.
   */
  readonly deliver: (body: Body, target: string, transports: Transports) => Promise<void>;
}

/** One message of a channel, ready to go. */
export interface Message {
  /** What it tells: reports, or an announcement. */
  readonly reportIds: readonly string[];
  /** Written when it is asked for: a report that cannot be written must not stop the others. */
  readonly body: () => Json;
  readonly deliver: (target: string, transports: Transports) => Promise<void>;
}

export interface Channel<Key extends string = string> {
  readonly name: string;
  readonly setting: ChannelSetting<Key>;
  /** The setting's value, checked. */
  readonly targetSchema: z.ZodMiniType<string>;
  readonly permission: { readonly action: string; readonly on: 'topic' | 'secret' };
  readonly pauseMs: number;
  /** The messages that tell all of the news, in its order: one each, or digests where there is much of it. */
  readonly messages: (news: readonly News[]) => readonly Message[];
  /** The message that tells what an operator has said. */
  readonly announcement: (announcement: Announcement) => Message;
}

/** So many reports at once are told one by one; more become a digest. */
const mostSingleMessages = 5;

/** Declares a channel; add it to the list in `channels/index.ts`. */
export function defineChannel<const Key extends string, Body extends Json>(
  definition: ChannelDefinition<Key, Body>,
): Channel<Key> {
  const { name, setting, permission, pauseMs } = definition;
  const message = (news: readonly News[], body: () => Body): Message =>
    messageOf(
      news.map(({ report }) => report.id),
      body,
    );
  const messageOf = (reportIds: readonly string[], body: () => Body): Message => ({
    reportIds,
    body,
    deliver: async (target, transports) => definition.deliver(body(), target, transports),
  });
  return {
    name,
    setting,
    targetSchema: z.string().check(z.regex(setting.form, { error: setting.remedy })),
    permission,
    pauseMs,
    announcement: (announcement) => messageOf([announcement.id], () => definition.announce(announcement)),
    messages: (news) => {
      if (news.length <= mostSingleMessages)
        return news.map((one) => message([one], () => definition.render(one)));
      const parts = packed(news, (some) =>
        definition.fits(definition.digest(some, { number: news.length, of: news.length })),
      );
      return parts.map((some, index) =>
        message(some, () => definition.digest(some, { number: index + 1, of: parts.length })),
      );
    },
  };
}

/** In order, as many together as fit; at least one. */
function packed(
  news: readonly News[],
  fits: (news: readonly News[]) => boolean,
): readonly (readonly News[])[] {
  const parts: (readonly News[])[] = [];
  let from = 0;
  while (from < news.length) {
    let [enough, tooMany] = [1, news.length - from + 1];
    while (tooMany - enough > 1) {
      const middle = Math.floor((enough + tooMany) / 2);
      if (fits(news.slice(from, from + middle))) enough = middle;
      else tooMany = middle;
    }
    parts.push(news.slice(from, from + enough));
    from += enough;
  }
  return parts;
}
