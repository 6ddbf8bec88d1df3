import type { Transports } from '../../ports/transports.ts';
import type { Announcement } from '../../ports/announcement.ts';
import { announcementInWords } from '../announcement-in-words.ts';
import { defineChannel, type News, type Part } from '../define-channel.ts';
import { renderEmailDigest } from '../email.ts';
import { chatMarkdown, clip, mrkdwnOfVisible, visible } from '../escape.ts';
import type { Span } from '../notification.ts';
import { openingWords, plainText, spansText } from '../plain-text.ts';
import { nextStepsTitle } from '../sections.ts';
import { severityInWords } from '../verdict.ts';

/**
 * Amazon Q Developer in chat applications (once AWS Chatbot), for Slack, Microsoft Teams and Chime: its custom
 * notifications, which it takes from an SNS topic and silently drops in any other form
 * (https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html). The topic must be one for this alone.
 */
export const amazonQ = defineChannel({
  name: 'amazon-q',
  setting: {
    key: 'amazonQTopicArn',
    variable: 'AMAZON_Q_TOPIC_ARN',
    form: /^arn:[^:]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/,
    remedy: 'write the ARN of the SNS topic that Amazon Q Developer in chat applications listens to',
  },
  permission: { action: 'sns:Publish', on: 'topic' },
  pauseMs: 1000,
  render: card,
  digest: digestCard,
  announce: announcementCard,
  fits: ({ content }) => content.description.length <= longest.description,
  deliver: async (body, topicArn, { publish }: Transports) =>
    publish(topicArn, { message: JSON.stringify(body) }),
});

/** Version 1.0 of the schema. A type alias, so that it is plain JSON to the compiler too. */
type Card = {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
};

/** In characters. A section of a Slack message holds 3,000; the rest is caution, where no limit is documented. */
const longest = { title: 150, description: 2800, nextStep: 300, summary: 200 } as const;
const mostNextSteps = 5;

function card({ report, notification }: News): Card {
  const { severity, sections } = notification;
  const { role, sentence } = openingWords(notification);
  const title = clip(chatMarkdown(`${severityInWords(severity)}: ${role}`), longest.title);
  const facts = { ...notification, sections: sections.filter((section) => section.title !== nextStepsTitle) };
  const description = plainText(facts, (text) => codeBlock(text).length <= longest.description);
  const next = sections.find((section) => section.title === nextStepsTitle)?.lines ?? [];
  return {
    version: '1.0',
    source: 'custom',
    id: idText(report.id),
    content: {
      textType: 'client-markdown',
      title,
      description: codeBlock(description),
      nextSteps: next.slice(0, mostNextSteps).map(({ spans }) => nextStep(spans)),
      keywords: [severityInWords(severity), report.outcome],
    },
    metadata: {
      // Reports of one incident in one thread.
      threadId: idText(report.incidentId),
      summary: clip(chatMarkdown(`${role}: ${sentence}`), longest.summary),
      eventType: 'iam-role-drift',
      relatedResources: report.role.arn === null ? [] : [idText(report.role.arn)],
      additionalContext: { reportId: idText(report.id), outcome: report.outcome, severity: report.severity },
    },
  };
}

function digestCard(news: readonly News[], part: Part): Card {
  const { subject, text } = renderEmailDigest(news, part);
  const severity = news[0]?.report.severity ?? 'none';
  const [id = ''] = news.map(({ report }) => report.id);
  return {
    version: '1.0',
    source: 'custom',
    id: idText(id),
    content: {
      textType: 'client-markdown',
      title: clip(chatMarkdown(subject), longest.title),
      description: codeBlock(text),
      nextSteps: [],
      keywords: [severityInWords(severity)],
    },
    metadata: {
      threadId: idText(id),
      summary: clip(chatMarkdown(subject), longest.summary),
      eventType: 'iam-role-drift',
      relatedResources: [],
      additionalContext: { reportId: idText(id), outcome: 'digest', severity },
    },
  };
}

function announcementCard(announcement: Announcement): Card {
  const { title, lines } = announcementInWords(announcement);
  return {
    version: '1.0',
    source: 'custom',
    id: idText(announcement.id),
    content: {
      textType: 'client-markdown',
      title: clip(chatMarkdown(title), longest.title),
      description: codeBlock(lines.join('\n')),
      nextSteps: [],
      keywords: [announcement.did],
    },
    metadata: {
      threadId: idText(announcement.id),
      summary: clip(chatMarkdown(title), longest.summary),
      eventType: 'iam-drift-operator',
      relatedResources: [],
      additionalContext: { did: announcement.did },
    },
  };
}

const idText = (id: string) => clip(visible(id), longest.summary);

/** Nothing in it is markup, for Slack or for Teams. `text` has been made visible. */
function codeBlock(text: string): string {
  return `\`\`\`\n${mrkdwnOfVisible(text.trimEnd())}\n\`\`\``;
}

/** A command stays whole. A link of ours stays whole, or is left out: half a link leads astray. */
function nextStep(spans: readonly Span[]): string {
  const command = spansText(spans.filter(({ kind }) => kind === 'command'));
  const text = spansText(spans.filter(({ kind }) => kind !== 'command'));
  if (command !== '')
    return `${clip(chatMarkdown(text.replace(/: $/, '')), longest.nextStep)}: ${chatMarkdown(command)}`;
  const [, sentence = text, url = ''] = /^(.*?)(https:\/\/\S+)?$/.exec(text) ?? [];
  const told = `${clip(chatMarkdown(sentence), longest.nextStep)}${url}`;
  return told.length <= 3 * longest.nextStep ? told : clip(chatMarkdown(sentence), longest.nextStep);
}
