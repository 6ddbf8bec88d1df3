import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { ReconcileReport } from '../../shared/model.ts';
import { amazonQ } from '../../shared/notifications/channels/amazon-q.ts';
import { channels } from '../../shared/notifications/channels/index.ts';
import { slack } from '../../shared/notifications/channels/slack.ts';
import { sns } from '../../shared/notifications/channels/sns.ts';
import type { Channel, News } from '../../shared/notifications/define-channel.ts';
import type { SlackMessage } from '../../shared/notifications/slack-blocks.ts';
import { withoutBlocks } from '../../shared/notifications/slack-without-blocks.ts';
import { toNotification } from '../../shared/notifications/to-notification.ts';
import type { TopicMessage, Transports } from '../../shared/ports/transports.ts';
import { hostileReport } from '../support/hostile-reports.ts';
import { aReport } from '../support/reports.ts';
import { readSlackMessage } from '../support/slack-webhook.ts';
import { linksOf, slackFaults, textsOf } from '../support/slack-limits.ts';

function newsOf(reports: readonly ReconcileReport[]): readonly News[] {
  return reports.map((report, index) => {
    const notification = toNotification(report);
    if (notification === null) throw new Error('quiet');
    return { report: { ...report, id: `${report.id}#${index}` }, notification };
  });
}

interface Sent {
  readonly published: readonly TopicMessage[];
  readonly posted: readonly SlackMessage[];
}

/** All that a channel hands over for these reports. */
async function sent(channel: Channel, reports: readonly ReconcileReport[]): Promise<Sent> {
  const published: TopicMessage[] = [];
  const posted: SlackMessage[] = [];
  const transports: Transports = {
    publish: async (_topicArn, message) => {
      published.push(message);
    },
    post: async () => ({ status: 200, retryAfterSeconds: null, body: 'ok' }),
    secret: async () => 'https://hooks.slack.com/services/T000/B000/x',
  };
  for (const message of channel.messages(newsOf(reports))) {
    await message.deliver('target', {
      ...transports,
      post: async (url, body) => {
        const { text = '', blocks = [] } = readSlackMessage(JSON.stringify(body));
        posted.push({ text, blocks });
        return transports.post(url, body);
      },
    });
  }
  return { published, posted };
}

const anObject = z.record(z.string(), z.unknown());
const card = z.object({
  content: z.object({ title: z.string(), description: z.string(), nextSteps: z.array(z.string()) }),
  metadata: z.object({ summary: z.string() }),
});

/** As large as DynamoDB keeps one. */
const keptReport = hostileReport.filter((report) => JSON.stringify(report).length < 400_000);

/** One report, and enough for a digest. */
const some = fc.oneof(
  fc.array(keptReport, { minLength: 1, maxLength: 2 }),
  fc.array(keptReport, { minLength: 6, maxLength: 7 }),
);
const runs = { numRuns: 12 };
const invisible =
  /[^ -~\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}…·–—→×“”‘’•🔴🟠🟡🔵⚪]/u;

describe('every channel', () => {
  it.each(channels.map((channel) => [channel.name, channel] as const))(
    '%s tells each report in exactly one message',
    (_, channel) => {
      fc.assert(
        fc.property(some, (reports) => {
          const ids = channel.messages(newsOf(reports)).flatMap(({ reportIds }) => reportIds);
          expect(ids).toEqual(newsOf(reports).map(({ report }) => report.id));
        }),
        runs,
      );
    },
  );

  it.each(channels.map((channel) => [channel.name, channel] as const))(
    '%s has no message for no news',
    (_, channel) => {
      expect(channel.messages([])).toEqual([]);
    },
  );
});

describe('slack', () => {
  it('keeps to its limits and mentions nobody, alone, in digests and without blocks', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (reports) => {
        const { posted } = await sent(slack, reports);
        for (const message of posted) {
          expect(slackFaults(message)).toEqual([]);
          const shown = textsOf(message.blocks)
            .map(({ text }) => text)
            .join('');
          const plain = withoutBlocks(message).text;
          expect(plain.length).toBeLessThanOrEqual(4000);
          for (const text of [shown.replaceAll('\n', ''), message.text, plain.replaceAll('\n', '')]) {
            expect(invisible.exec(text)).toBeNull();
            expect(text).not.toMatch(/<[!@#]|@(?:here|channel|everyone)\b(?![.-])/);
          }
          for (const link of linksOf(message.blocks)) expect(link).toMatch(/^https:\/\/[\w.-]*console/);
        }
      }),
      runs,
    );
  });
});

describe('sns', () => {
  it('keeps to the size of a message, with each protocol’s text in it', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (reports) => {
        const { published } = await sent(sns, reports);
        for (const { subject = '', message, attributes = {} } of published) {
          if (typeof message === 'string') throw new Error('one text for all');
          const size =
            Buffer.byteLength(JSON.stringify(message)) + Buffer.byteLength(JSON.stringify(attributes));
          expect(size).toBeLessThanOrEqual(262_144);
          expect(subject).toMatch(/^[!-~][ -~]{0,98}$/);
          expect(invisible.exec((message['email'] ?? '\u0000').replaceAll('\n', ''))).toBeNull();
          expect(z.parse(anObject, JSON.parse(message.default))).toMatchObject({ schemaVersion: '1' });
        }
      }),
      runs,
    );
  });
});

describe('a command in a next step', () => {
  it('is told whole by every channel, however long the words before it', async () => {
    const command = 'iam-drift revoke-sessions deploy --before 2026-03-01T12:24:13Z';
    const report = aReport({ nextSteps: [`${'Sessions of somebody, '.repeat(100)}to end them: ${command}`] });
    const emails = (await sent(sns, [report])).published.map(({ message }) => message);
    const cards = (await sent(amazonQ, [report])).published.map(({ message }) =>
      z.parse(card, JSON.parse(z.parse(z.string(), message))),
    );
    const { posted } = await sent(slack, [report]);
    expect(JSON.stringify(emails)).toContain(`${command}\\n`);
    expect(JSON.stringify(posted)).toContain(`"text":"${command}"`);
    expect(JSON.stringify(posted.map(withoutBlocks))).toContain(`${command}\\n`);
    expect(cards[0]?.content.nextSteps[0]?.endsWith(`: ${command}`)).toBe(true);
  });
});

describe('amazon-q', () => {
  it('keeps to its sizes, and nothing in it is markup of Slack or Teams', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (reports) => {
        const { published } = await sent(amazonQ, reports);
        for (const { message } of published) {
          if (typeof message !== 'string') throw new Error('not one text');
          const { content, metadata } = z.parse(card, JSON.parse(message));
          expect(Buffer.byteLength(message)).toBeLessThan(20_000);
          expect(content.title.length).toBeLessThanOrEqual(250);
          expect(content.description.length).toBeLessThanOrEqual(3000);
          const inside = /^```\n([^`]*)\n```$/.exec(content.description)?.[1] ?? '\u0000';
          for (const text of [
            content.title,
            inside.replaceAll('\n', ''),
            metadata.summary,
            ...content.nextSteps,
          ]) {
            expect(invisible.exec(text)).toBeNull();
            expect(text).not.toMatch(/[<>`]|@(?:here|channel|everyone)\b(?![.-])/);
          }
          for (const text of [content.title, ...content.nextSteps]) expect(text).not.toMatch(/[*~[\]]/);
        }
      }),
      runs,
    );
  });

  it('offers the next steps apart from the facts', async () => {
    const [message] = (await sent(amazonQ, [aReport()])).published;
    expect(message?.message).toContain('"nextSteps":["If the change was wanted, declare it at roles.yaml:4"');
    expect(message?.message).not.toContain('What to do next');
    expect(message?.message).toContain(' https://console.aws.amazon.com/iam/home#/roles/details/deploy\\n');
  });
});
