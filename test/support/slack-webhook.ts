import * as z from 'zod/mini';

import type { KnownBlock, SlackMessage } from '../../shared/notifications/slack-blocks.ts';
import { loopbackServer } from './loopback-server.ts';
import { slackFaults } from './slack-limits.ts';

/** What Slack's webhooks answer when they do not take a message, and silence. */
export const slackAnswers = {
  invalidBlocks: { status: 400, body: 'invalid_blocks' },
  invalidToken: { status: 403, body: 'invalid_token' },
  noService: { status: 404, body: 'no_service' },
  archived: { status: 410, body: 'channel_is_archived' },
  busy: (seconds: number) => ({
    status: 429,
    body: 'rate_limited',
    headers: { 'Retry-After': String(seconds) },
  }),
  broken: { status: 500, body: 'rollup_error' },
  silence: 'silence',
} as const;

type Answer =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'silence';

export interface SlackWebhook {
  /** The webhook's address; `/second` is another one. */
  readonly url: string;
  /** What it took. */
  readonly messages: readonly SlackMessage[];
  /** Every call, by path. */
  readonly calls: readonly string[];
  /** Answers to the next calls; then it takes what keeps to Slack's limits. */
  answerNext(...answers: readonly Answer[]): void;
  /** Answers each call to that path so. */
  answerAt(path: string, answer: Answer): void;
  close(): void;
}

/** A Slack incoming webhook on loopback: it checks limits as Slack does. */
export async function slackWebhook(): Promise<SlackWebhook> {
  const messages: SlackMessage[] = [];
  const calls: string[] = [];
  const next: Answer[] = [];
  const fixed = new Map<string, Answer>();
  const taken = (text: string): Answer => {
    const message = parse(text);
    if (message === null) return { status: 400, body: 'invalid_payload' };
    if (message.text === '' && message.blocks.length === 0) return { status: 400, body: 'no_text' };
    if (message.blocks.length > 0 && slackFaults(message).length > 0) return slackAnswers.invalidBlocks;
    messages.push(message);
    return { status: 200, body: 'ok' };
  };
  const { endpoint, close } = await loopbackServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      calls.push(path);
      const answer = fixed.get(path) ?? next.shift() ?? taken(Buffer.concat(chunks).toString());
      if (answer === 'silence') return;
      response.writeHead(answer.status, { 'Content-Type': 'text/html', ...answer.headers });
      response.end(answer.body);
    });
  });
  return {
    url: `${endpoint}/services/T000/B000/first`,
    messages,
    calls,
    answerNext: (...answers) => {
      next.push(...answers);
    },
    answerAt: (path, answer) => {
      fixed.set(path, answer);
    },
    close,
  };
}

function parse(text: string): SlackMessage | null {
  try {
    const { text: words = '', blocks = [] } = readSlackMessage(text);
    return { text: words, blocks };
  } catch {
    return null;
  }
}

const body = z.object({ text: z.optional(z.string()), blocks: z.optional(z.array(z.custom<KnownBlock>())) });

/** A body as it came over the wire. That its blocks are what Slack knows, the compiler has checked where they were made. */
export function readSlackMessage(text: string) {
  return z.parse(body, JSON.parse(text));
}
