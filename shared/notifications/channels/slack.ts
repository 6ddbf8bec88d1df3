import type { Announcement } from '../../ports/announcement.ts';
import type { HttpAnswer, Transports } from '../../ports/transports.ts';
import { announcementInWords } from '../announcement-in-words.ts';
import { defineChannel } from '../define-channel.ts';
import { slackLiteral, slackMrkdwn } from '../escape.ts';
import { RetryAfterError } from '../retry-after.ts';
import type { SlackMessage } from '../slack-blocks.ts';
import { slackLimits } from '../slack-blocks.ts';
import { renderSlackDigest } from '../slack-digest.ts';
import { renderSlack } from '../slack.ts';
import { withoutBlocks } from '../slack-without-blocks.ts';
import { webhookUrl } from '../webhook-url.ts';

/** A Slack incoming webhook, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export const slack = defineChannel({
  name: 'slack',
  setting: {
    key: 'slackSecretName',
    variable: 'SLACK_SECRET_NAME',
    form: /^[\w/+=.@-]{1,512}$/,
    remedy: 'write the name (not the ARN) of a secret in Secrets Manager',
  },
  permission: { action: 'secretsmanager:GetSecretValue', on: 'secret' },
  // One message a second: https://docs.slack.dev/apis/web-api/rate-limits/
  pauseMs: 1000,
  render: ({ notification }) => renderSlack(notification),
  digest: renderSlackDigest,
  announce: announcementText,
  fits: ({ blocks }) => JSON.stringify(blocks).length <= slackLimits.allBlocks,
  deliver: async (message, secretName, transports) => {
    const answer = await postToCurrentWebhook(message, secretName, transports);
    if (answer.status === 200) return;
    // Told without its shape rather than not at all.
    if (isAboutBlocks(answer)) {
      const plain = await postToCurrentWebhook(withoutBlocks(message), secretName, transports);
      if (plain.status === 200) return;
      throw refusal(plain);
    }
    throw refusal(answer);
  },
});

function announcementText(announcement: Announcement): SlackMessage {
  const { title, lines } = announcementInWords(announcement);
  const text = lines.map(slackLiteral).join('\n');
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] } as const;
  return { text: slackMrkdwn(title), blocks: [{ type: 'rich_text', elements: [section] }] };
}

/** A webhook that Slack knows no more has perhaps been replaced: the secret is read again, and tried where it has changed. */
async function postToCurrentWebhook(
  message: SlackMessage | Pick<SlackMessage, 'text'>,
  secretName: string,
  { secret, post }: Transports,
): Promise<HttpAnswer> {
  const known = webhookUrl(await secret(secretName), secretName);
  const answer = await post(known, message);
  if (!isRevoked(answer)) return answer;
  const current = webhookUrl(await secret(secretName, { fresh: true }), secretName);
  return current === known ? answer : post(current, message);
}

// Slack's answers: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
function isRevoked({ status, body }: HttpAnswer): boolean {
  return [403, 404, 410].includes(status) || /^(?:no_service|no_team|invalid_token)/.test(body);
}

function isAboutBlocks({ status, body }: HttpAnswer): boolean {
  return status === 400 && /^(?:invalid_blocks|msg_blocks_too_long|invalid_attachments)/.test(body);
}

function refusal({ status, body, retryAfterSeconds }: HttpAnswer): Error {
  const said = `Slack answers ${status}: ${body.slice(0, 200)}`;
  if (status === 429) return new RetryAfterError(said, retryAfterSeconds ?? 1);
  return new Error(said);
}
