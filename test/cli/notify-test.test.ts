import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';

import { reportEventSchema } from '../../shared/report-schema.ts';
import { jsonService, type JsonService } from '../support/json-service.ts';
import { slackAnswers, slackWebhook, type SlackWebhook } from '../support/slack-webhook.ts';
import { snsService, type SnsService } from '../support/sns-service.ts';
import { textsOf } from '../support/slack-limits.ts';
import { cli, inFolder } from './run-cli.ts';

const topic = 'arn:aws:sns:us-east-1:111122223333:drift';
let slack: SlackWebhook;
let sns: SnsService;
let events: JsonService;
let secrets: JsonService;

beforeAll(async () => {
  slack = await slackWebhook();
  sns = await snsService();
  events = await jsonService(() => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] }));
  secrets = await jsonService(() => ({ Name: 'team/slack', SecretString: slack.url }));
  for (const [name, value] of [
    ['AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE'],
    ['AWS_SECRET_ACCESS_KEY', 'example'],
    ['AWS_ENDPOINT_URL_SNS', sns.endpoint],
    ['AWS_ENDPOINT_URL_EVENTBRIDGE', events.endpoint],
    ['AWS_ENDPOINT_URL_SECRETS_MANAGER', secrets.endpoint],
  ] as const)
    vi.stubEnv(name, value);
});
afterEach(() => sns.refuse(false));
afterAll(() => {
  vi.unstubAllEnvs();
  for (const service of [slack, sns, events, secrets]) service.close();
});

describe('notify-test', () => {
  it('sends a sample to each channel that is named, which says at once that it is a test', async () => {
    const { exitCode, stdout } = await cli([
      'notify-test',
      '--topic-arn',
      topic,
      '--slack-secret-name',
      'team/slack',
      '--amazon-q-topic-arn',
      `${topic}-chat`,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ sns took the sample\n✓ slack took the sample\n✓ amazon-q took the sample\n');
    expect(new Set(sns.published.map(({ TopicArn }) => TopicArn))).toEqual(new Set([topic, `${topic}-chat`]));
    const shown = textsOf(slack.messages[0]?.blocks ?? []).map(({ text }) => text);
    expect(shown.join('')).toContain('This is a test of the notifications');
    expect(slack.messages[0]?.text).toMatch(/^Low: TEST: This is a test/);
    expect(sns.published.find(({ Subject }) => Subject !== undefined)?.['Subject']).toContain(
      'TEST: This is a test',
    );
  });

  it('takes the address of a webhook from a file', async () => {
    await inFolder({ 'webhook.txt': `${slack.url}\n` }, async (folder) => {
      const before = slack.messages.length;
      const { exitCode } = await cli(['notify-test', '--slack-webhook-url-file', 'webhook.txt'], {
        cwd: folder,
      });
      expect(exitCode).toBe(0);
      expect(slack.messages).toHaveLength(before + 1);
    });
  });

  it('puts the sample on a bus as an event that the functions can read', async () => {
    expect(await cli(['notify-test', '--bus', 'iam-drift', '--json'])).toMatchObject({ exitCode: 0 });
    const { Entries } = z.parse(
      z.object({ Entries: z.array(z.object({ Detail: z.string(), EventBusName: z.string() })) }),
      events.calls.at(-1)?.input,
    );
    expect(Entries[0]?.EventBusName).toBe('iam-drift');
    expect(z.safeParse(reportEventSchema, JSON.parse(Entries[0]?.Detail ?? '')).success).toBe(true);
  });

  it('says which channel did not take it, and why', async () => {
    slack.answerNext(slackAnswers.archived);
    const { exitCode, stdout } = await cli([
      'notify-test',
      '--topic-arn',
      topic,
      '--slack-secret-name',
      'team/slack',
      '--json',
    ]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      results: [
        { name: 'sns', error: null },
        { name: 'slack', error: 'Slack answers 410: channel_is_archived' },
      ],
    });
  });

  it.each([
    [[], 'say whom to tell: --topic-arn, --slack-secret-name, '],
    [['--topic-arn', 'drift'], '--topic-arn "drift": write the ARN of an SNS topic'],
    [['--slack-webhook-url-file', 'nowhere'], 'nowhere: cannot be read: there is no such file'],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await cli(['notify-test', ...flags]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
