import type { News, Part } from './define-channel.ts';
import { digestEntry, digestTitle } from './digest.ts';
import { slackLiteral, slackMrkdwn } from './escape.ts';
import { signs } from './slack.ts';
import type { RichTextSection, SlackMessage } from './slack-blocks.ts';

/** Several reports in one message, in the order given: a bullet each. */
export function renderSlackDigest(news: readonly News[], part: Part): SlackMessage {
  const [worst] = news;
  const title = digestTitle(news, part);
  const sign = signs[worst?.report.severity ?? 'none'];
  return {
    text: slackMrkdwn(`${title}${worst === undefined ? '' : `. The worst: ${digestEntry(worst).lead}`}`),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: `${sign} ${title}`, emoji: false } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_list', style: 'bullet', elements: news.map(bullet) }],
      },
    ],
  };
}

function bullet(one: News): RichTextSection {
  const { lead, headline, verdict, who, reference } = digestEntry(one);
  return {
    type: 'rich_text_section',
    elements: [
      { type: 'text', text: slackLiteral(lead), style: { bold: true } },
      { type: 'text', text: slackLiteral(`: ${headline}. ${verdict}. Who: ${who}. (${reference})`) },
    ],
  };
}
