import { createNotifyHandler } from '../../functions/notify/create-handler.ts';
import { httpsPost } from '../../shared/aws/https-post.ts';
import { memoryDeliveries } from '../../shared/ledger/memory-deliveries.ts';
import { memoryLedger, type MemoryLedger } from '../../shared/ledger/memory.ts';
import type { ReconcileReport } from '../../shared/model.ts';
import { channels } from '../../shared/notifications/channels/index.ts';
import { configuredChannels } from '../../shared/notifications/configured-channels.ts';
import type { TopicMessage, Transports } from '../../shared/ports/transports.ts';
import { sqsBatch, testClock, type TestClock } from '../support/scene.ts';
import { slackWebhook, type SlackWebhook } from '../support/slack-webhook.ts';

export const topicArn = 'arn:aws:sns:us-east-1:111122223333:drift';
export const amazonQTopicArn = 'arn:aws:sns:us-east-1:111122223333:chat';

type Env = Readonly<Record<string, string>>;
const allChannels: Env = {
  TOPIC_ARN: topicArn,
  SLACK_SECRET_NAME: 'team/slack',
  AMAZON_Q_TOPIC_ARN: amazonQTopicArn,
};

/** The production handler of notify before a Slack on loopback, and all that comes out of it. */
export interface NotifyScene {
  readonly slack: SlackWebhook;
  readonly published: readonly (TopicMessage & { readonly topicArn: string })[];
  readonly clock: TestClock;
  readonly ledger: MemoryLedger;
  readonly counts: ReadonlyMap<string, number>;
  readonly errors: readonly unknown[];
  /** What the secret holds from now on; null: it is gone. */
  setSecret(text: string | null): void;
  /** How often the secret was read from its store. */
  readonly secretReads: () => number;
  /** Makes the steps from now on fail, each as a crash before it or after it would, until `null`. */
  failAt(fault: ((step: string) => boolean) | null): void;
  /** Every step that was taken. */
  readonly steps: readonly string[];
  /** Delivers reports as one SQS batch, message ids `m0`, `m1`, …; answers the ids to deliver again. */
  deliver(...reports: readonly (ReconcileReport | string)[]): Promise<readonly string[]>;
  close(): void;
}

export async function notifyScene(env: Env = allChannels, remainingMs = 30_000): Promise<NotifyScene> {
  const slack = await slackWebhook();
  const clock = testClock();
  const ledger = memoryLedger();
  const deliveries = memoryDeliveries();
  const published: (TopicMessage & { topicArn: string })[] = [];
  const counts = new Map<string, number>();
  const errors: unknown[] = [];
  const steps: string[] = [];
  let secret: string | null = slack.url;
  let known: string | null = null;
  let reads = 0;
  let fault: ((step: string) => boolean) | null = null;

  const step = async <Result>(name: string, take: () => Promise<Result>): Promise<Result> => {
    steps.push(`before ${name}`);
    if (fault?.(`before ${name}`) === true) throw new Error(`crash before ${name}`);
    const result = await take();
    steps.push(`after ${name}`);
    if (fault?.(`after ${name}`) === true) throw new Error(`crash after ${name}`);
    return result;
  };
  const post = httpsPost(300);
  const transports: Transports = {
    publish: async (arn, message) =>
      step(`publish to ${arn}`, async () => {
        published.push({ ...message, topicArn: arn });
      }),
    post: async (url, body) => step('post', async () => post(url, body)),
    secret: async (_name, { fresh } = { fresh: false }) =>
      step('secret', async () => {
        if (known !== null && !fresh) return known;
        reads += 1;
        if (secret === null) throw new Error('ResourceNotFoundException');
        return (known = secret);
      }),
  };
  const handler = createNotifyHandler({
    channels: configuredChannels(channels, env),
    ledger,
    deliveries: {
      told: async (channel, ids) => step(`told ${channel}`, async () => deliveries.told(channel, ids)),
      record: async (channel, ids) => step(`record ${channel}`, async () => deliveries.record(channel, ids)),
    },
    transports,
    clock,
    telemetry: {
      info: () => {},
      error: (_message, { error }) => errors.push(error),
      count: (metric, value) => counts.set(metric, (counts.get(metric) ?? 0) + value),
      milliseconds: () => {},
    },
  });
  return {
    slack,
    published,
    clock,
    ledger,
    counts,
    errors,
    steps,
    setSecret: (text) => {
      secret = text;
    },
    secretReads: () => reads,
    failAt: (next) => {
      fault = next;
    },
    deliver: async (...reports) => {
      const bodies = reports.map((one) => (typeof one === 'string' ? one : busEvent(one)));
      const { batchItemFailures } = await handler(sqsBatch(bodies), {
        getRemainingTimeInMillis: () => remainingMs,
      });
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    close: () => slack.close(),
  };
}

/** An event of the bus as the rule's target gets it. */
export function busEvent(detail: unknown): string {
  return JSON.stringify({
    version: '0',
    id: 'e1',
    'detail-type': 'IAM Role Drift Remediated',
    source: 'iam-drift-remediator',
    detail,
  });
}
